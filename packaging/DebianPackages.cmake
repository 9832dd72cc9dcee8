# SPDX-License-Identifier: Apache-2.0
# Debian packages, one for each component of cmake --install, by CPack.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME posenet)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "human pose estimation and camera relocalization on any CPU")
set(CPACK_PACKAGE_VENDOR "The PoseNet authors")
set(CPACK_PACKAGE_CONTACT "The PoseNet authors <posenet@localhost>")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_COMPONENTS_ALL)

# posenet_debian_package(COMPONENT NAME SECTION DESCRIPTION [ALL] [DEPENDS text] [RECOMMENDS text] [CONTROL file...])
#
# All have the same one-line summary, because CPack has no other.
function(posenet_debian_package component name section description)
  cmake_parse_arguments(PARSE_ARGV 4 arg "ALL" "DEPENDS;RECOMMENDS" "CONTROL")
  string(TOUPPER ${component} upper)
  set(CPACK_COMPONENTS_ALL ${CPACK_COMPONENTS_ALL} ${component} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${description}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${arg_DEPENDS}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_RECOMMENDS "${arg_RECOMMENDS}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA "${arg_CONTROL}" PARENT_SCOPE)
  if(arg_ALL)
    set(CPACK_DEBIAN_${upper}_PACKAGE_ARCHITECTURE all PARENT_SCOPE)
  endif()
  # What Debian's policy asks of every package.
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  configure_file(copyright "${folder}/copyright" COPYONLY)
  configure_file(changelog.Debian.in "${folder}/changelog.Debian" @ONLY)
  execute_process(COMMAND gzip -9nf "${folder}/changelog.Debian" COMMAND_ERROR_IS_FATAL ANY)
  install(FILES "${folder}/copyright" "${folder}/changelog.Debian.gz" DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}
          COMPONENT ${component} EXCLUDE_FROM_ALL)
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${name}.lintian-overrides")
    install(FILES ${name}.lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME ${name}
            COMPONENT ${component} EXCLUDE_FROM_ALL)
  endif()
endfunction()

set(same_version "(= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(control "${CMAKE_CURRENT_SOURCE_DIR}/debian")

posenet_debian_package(
  command posenet science
  "The command posenet estimates the poses of people in images and videos,\n\
estimates where in a known scene an image was taken, and serves both over HTTP."
  RECOMMENDS "posenet-models"
  CONTROL "${control}/postinst" "${control}/prerm" "${control}/postrm")
posenet_debian_package(
  models posenet-models science
  "Models: Google's PoseNet networks for human poses, in float and low precision." ALL)
if(TARGET posenet_trainer)
  posenet_debian_package(
    trainer posenet-train science
    "Training of networks that estimate the pose of the camera in a scene, from\n\
photos with known poses: posenet camera train."
    DEPENDS "posenet ${same_version}, libopenblas0-pthread")
endif()
if(TARGET posenet_c_shared)
  posenet_debian_package(
    library libposenet0 libs
    "Shared library: the C interface of PoseNet, for programs in any language." CONTROL "${control}/triggers" "${control}/shlibs")
  set(library_dependency "libposenet0 ${same_version}, ")
endif()
posenet_debian_package(
  development libposenet-dev libdevel
  "Development files: headers and libraries for programs in C and C++."
  DEPENDS "${library_dependency}libexpected-dev, libhwy-dev, libmd-dev")
if(TARGET posenet_python)
  # The module is for one version of Python.
  math(EXPR next_python_minor "${POSENET_PYTHON_MINOR} + 1")
  posenet_debian_package(
    python python3-posenet python
    "For Python, NumPy in, NumPy out: poses of people in images and videos, and of\n\
cameras in known scenes."
    DEPENDS "python3 (>= 3.${POSENET_PYTHON_MINOR}), python3 (<< 3.${next_python_minor}), python3-numpy"
    RECOMMENDS "posenet-models"
    CONTROL "${control}/python/postinst" "${control}/python/prerm")
endif()

include(CPack)
