# SPDX-License-Identifier: Apache-2.0
# cmake --install: the library with its CMake package, the headers, the command, and the fetched models. Components are
# the packages of packaging/CMakeLists.txt; what names none here belongs to "development".
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)

set(posenet_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/posenet")
install(
  TARGETS posenet posenet_base posenet_image posenet_nn posenet_model posenet_human posenet_camera
  EXPORT posenetTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT posenetTargets NAMESPACE posenet:: DESTINATION ${posenet_package_dir})

configure_package_config_file(cmake/posenetConfig.cmake.in "${PROJECT_BINARY_DIR}/posenetConfig.cmake"
                              INSTALL_DESTINATION ${posenet_package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 any minor version may change the API.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/posenetConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/posenetConfig.cmake" "${PROJECT_BINARY_DIR}/posenetConfigVersion.cmake"
        DESTINATION ${posenet_package_dir})

install(DIRECTORY include/posenet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/posenet COMPONENT command)
install(
  DIRECTORY models/
  DESTINATION ${CMAKE_INSTALL_DATADIR}/posenet/models
  COMPONENT models
  FILES_MATCHING
  PATTERN "*.safetensors"
  PATTERN node_modules EXCLUDE)
