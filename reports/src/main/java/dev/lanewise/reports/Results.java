package dev.lanewise.reports;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a result file of any of the kinds known. */
final class Results {
  private Results() {}

  /**
   * The run in a file.
   *
   * @throws ReportException naming the file and what is wrong with it
   */
  static Run read(Path file) throws IOException {
    String name = file.toString();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      Node root = Node.read(name, text);
      if (root.isList()) {
        return JmhResults.read(root);
      }
      if (root.has("shapes")) {
        return QuickResults.read(root);
      }
      if (root.has("epochs")) {
        return TrainingResults.read(root);
      }
      throw new ReportException(name, "is neither a list of JMH results, nor a quick comparison with \"shapes\", nor a training with"
          + " \"epochs\"", null);
    } catch (NoSuchFileException e) {
      throw new ReportException(name, "there is no such file", e);
    } catch (NumberFormatException e) {
      throw new ReportException(name, "a parameter is not a number: " + e.getMessage(), e);
    } catch (ReportException e) {
      throw e;
    } catch (IOException e) {
      throw new ReportException(name, "cannot be read: " + e, e);
    }
  }
}
