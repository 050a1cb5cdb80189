package dev.lanewise.training.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fetches the four files from the first mirror that has them as the originals are. */
final class MnistDownload {
  static final List<URI> MIRRORS = List.of(
      URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/"),
      URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"));

  /** The smallest first: what cannot be reached is then found out soonest. */
  private static final List<MnistFile> ORDER =
      List.of(MnistFile.TEST_LABELS, MnistFile.TEST_IMAGES, MnistFile.TRAIN_LABELS, MnistFile.TRAIN_IMAGES);

  private final List<URI> mirrors;
  private final Duration patience;
  private final Function<MnistFile, MnistFile.Content> wanted;
  private final DataListener listener;

  MnistDownload(List<URI> mirrors, Duration patience, Function<MnistFile, MnistFile.Content> wanted,
      DataListener listener) {
    this.mirrors = mirrors;
    this.patience = patience;
    this.wanted = wanted;
    this.listener = listener;
  }

  /**
   * The four files as they came, compressed, each checked against its SHA-256; or null when no mirror could give them,
   * after a notice for each that says why.
   */
  @Nullable
  Map<MnistFile, byte[]> fetch() throws InterruptedIOException {
    Map<MnistFile, byte[]> files = new EnumMap<>(MnistFile.class);
    for (URI mirror : mirrors) {
      HttpClient client;
      try {
        client = HttpClient.newBuilder().connectTimeout(patience).followRedirects(HttpClient.Redirect.NORMAL).build();
      } catch (UncheckedIOException e) {
        listener.notice("no network: " + e.getMessage());
        return null;
      }
      try {
        for (MnistFile file : ORDER) {
          if (!files.containsKey(file)) {
            files.put(file, fetch(client, mirror.resolve(file.gzipName()), file));
          }
        }
        return files;
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        listener.notice(Objects.requireNonNullElse(e.getMessage(), e.toString()));
      } finally {
        // Not close: that would wait for a name server that does not answer.
        client.shutdownNow();
      }
    }
    return null;
  }

  private byte[] fetch(HttpClient client, URI address, MnistFile file) throws IOException {
    MnistFile.Content content = wanted.apply(file);
    byte[] bytes = Download.fetch(client, address, file.gzipName(), content.bytes() + 1024, patience, listener);
    requireOriginal(address.toString(), bytes, content);
    return bytes;
  }

  private static void requireOriginal(String name, byte[] compressed, MnistFile.Content wanted) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
    byte[] chunk = new byte[1 << 16];
    long bytes = 0;
    try (Gunzip in = new Gunzip(name, new ByteArrayInputStream(compressed))) {
      for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
        bytes += n;
        if (bytes > wanted.bytes()) {
          throw new DataFileException(name, wanted.bytes(), "more bytes", "the end of the content");
        }
      }
    }
    String sum = HexFormat.of().formatHex(digest.digest());
    if (!sum.equals(wanted.sha256())) {
      throw new DataFileException(name, 0, bytes + " bytes with SHA-256 " + sum,
          wanted.bytes() + " bytes with SHA-256 " + wanted.sha256());
    }
  }
}
