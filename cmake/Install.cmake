# SPDX-License-Identifier: Apache-2.0
# cmake --install: the libraries with their CMake package and pkg-config file, the headers, the command, and the fetched
# models. Components are the packages of packaging/CMakeLists.txt; what names none here belongs to "development".
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)

set(posenet_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/posenet")
install(
  TARGETS posenet posenet_base posenet_image posenet_nn posenet_model posenet_human posenet_camera
  EXPORT posenetTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT posenetTargets NAMESPACE posenet:: DESTINATION ${posenet_package_dir})

# The C interface: the shared library by itself, as it needs nothing at build time.
if(POSENET_BUILD_C)
  foreach(kind Shared Static)
    string(TOLOWER ${kind} target)
    install(
      TARGETS posenet_c_${target}
      EXPORT posenetC${kind}Targets
      LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development
      ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT posenetC${kind}Targets NAMESPACE posenet:: DESTINATION ${posenet_package_dir})
  endforeach()
  file(RELATIVE_PATH posenet_prefix_from_pkgconfig "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  configure_file(cmake/posenet.pc.in "${PROJECT_BINARY_DIR}/posenet.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/posenet.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

# In lower case with a hyphen, so that find_package finds it as posenet and as PoseNet.
configure_package_config_file(cmake/posenet-config.cmake.in "${PROJECT_BINARY_DIR}/posenet-config.cmake"
                              INSTALL_DESTINATION ${posenet_package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 any minor version may change the API.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/posenet-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/posenet-config.cmake" "${PROJECT_BINARY_DIR}/posenet-config-version.cmake"
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
