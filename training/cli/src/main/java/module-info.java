/**
 * The command line.
 */
module dev.lanewise.cli {
  requires dev.lanewise.training;
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires java.desktop;
  requires jdk.incubator.vector;
  requires static org.jspecify;

  opens dev.lanewise.cli to info.picocli;
}
