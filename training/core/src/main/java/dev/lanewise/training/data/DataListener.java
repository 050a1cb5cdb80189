package dev.lanewise.training.data;

/** Told what happens while data is looked for and fetched; called on the thread that loads. */
public interface DataListener {

  /** Hears nothing. */
  DataListener SILENT = new DataListener() {};

  /** Something the user should know, in one line: where data was not found, why a mirror was left. */
  default void notice(String line) {}

  /**
   * How far a download has come; called about ten times a second and at its end.
   *
   * @param file the file's name
   * @param bytes so far
   * @param total in all, or -1 when the server does not say
   */
  default void progress(String file, long bytes, long total) {}
}
