# The judge's shell: sockets, files and processes. Included by CMakeLists.txt,
# behind the library judge.
target_sources(judge PRIVATE json_reader.c)
add_library(harness_shell STATIC)
target_link_libraries(harness_shell
                      PUBLIC judge PkgConfig::JANSSON Threads::Threads
                      PRIVATE PkgConfig::CRYPTO)
file(GLOB shell_sources CONFIGURE_DEPENDS wire_tcp*.c await.c cancel.c file.c target*.c
     load_fixture.c prompt.c provision*.c maildir.c known_messages.c spawn*.c service.c bundled*.c catalogue*.c directory.c
     random.c)
target_sources(harness_shell PRIVATE ${shell_sources})
include(GNUInstallDirs)
set_source_files_properties(catalogue_directory.c PROPERTIES COMPILE_DEFINITIONS
  "SCENARIOS_SOURCE=\"${CMAKE_SOURCE_DIR}/scenarios\";\
SCENARIOS_INSTALLED=\"${CMAKE_INSTALL_FULL_DATADIR}/pop3spec/scenarios\"")

add_library(harness_scratch STATIC scratch.c) # for tests
unit_tests(harness_shell harness_scratch)
