# The judge's shell: sockets, files and processes. Included by CMakeLists.txt,
# behind the library judge.
target_sources(judge PRIVATE json_reader.c)
add_library(harness_shell STATIC)
target_link_libraries(harness_shell
                      PUBLIC judge PkgConfig::JANSSON Threads::Threads
                      PRIVATE PkgConfig::CRYPTO)
file(GLOB shell_sources CONFIGURE_DEPENDS wire_tcp*.c await.c cancel.c file.c target*.c
     load_fixture.c prompt.c provision*.c spawn*.c service.c bundled*.c catalogue.c
     random.c)
target_sources(harness_shell PRIVATE ${shell_sources})

add_library(harness_scratch STATIC scratch.c) # for tests
unit_tests(harness_shell harness_scratch)
