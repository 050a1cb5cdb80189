package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors on the loopback interface that behave well and badly. */
@Timeout(60)
class MnistDownloadTest {
  private static final long SEED = 11;
  private static final Duration SHORT = Duration.ofMillis(300);

  /** How a mirror answers for one file. */
  private interface Answer {
    void send(HttpExchange exchange, byte[] file) throws IOException;
  }

  private static final Answer GOOD = (exchange, file) -> {
    exchange.sendResponseHeaders(200, file.length);
    exchange.getResponseBody().write(file);
  };
  private static final Answer NOT_FOUND = (exchange, file) -> exchange.sendResponseHeaders(404, -1);
  private static final Answer CUT = (exchange, file) -> {
    exchange.sendResponseHeaders(200, file.length);
    exchange.getResponseBody().write(file, 0, file.length / 2);
    exchange.getResponseBody().flush();
  };
  private static final Answer STALLED = (exchange, file) -> {
    exchange.sendResponseHeaders(200, file.length);
    exchange.getResponseBody().write(file, 0, file.length / 2);
    exchange.getResponseBody().flush();
    sleep();
  };
  private static final Answer SILENT = (exchange, file) -> sleep();
  private static final Answer FLIPPED = (exchange, file) -> {
    byte[] other = IdxBytes.gzip(IdxBytes.labels(new byte[10]));
    exchange.sendResponseHeaders(200, other.length);
    exchange.getResponseBody().write(other);
  };
  private static final Answer LOGIN_PAGE = (exchange, file) -> {
    byte[] page = "<html>Please sign in</html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
  };
  private static final Answer ENDLESS = (exchange, file) -> {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < 100_000; i++) {
        out.write(new byte[1 << 14]);
      }
    }
  };

  @TempDir Path cache;

  private final Arena arena = Arena.ofConfined();
  private final Notices notices = new Notices();
  private final ExecutorService handlers = Executors.newCachedThreadPool();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private HttpServer server;
  private URI mirror;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(handlers);
    server.createContext("/", this::handle);
    server.start();
    mirror = URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getAddress().getPort()
        + "/good/");
  }

  @AfterEach
  void close() {
    handlers.shutdownNow();
    server.stop(0);
    arena.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    MnistFile file = Stream.of(MnistFile.values()).filter(f -> f.gzipName().equals(name)).findFirst().orElseThrow();
    Answer answer = path.startsWith("/good/") ? answers.getOrDefault(name, GOOD) : answers.getOrDefault("bad", GOOD);
    try (exchange) {
      answer.send(exchange, IdxBytes.gzip(IdxBytes.content(file, SEED)));
    }
  }

  @Test
  void whatComesIsCheckedUsedAndKept() throws IOException {
    Splits fetched = search(mirror).load(arena);
    assertThat(fetched.name()).isEqualTo("mnist");
    assertThat(IdxBytes.isTrain(fetched.train(), SEED)).isTrue();
    assertThat(notices.progress).hasSizeGreaterThanOrEqualTo(4);
    assertThat(cached()).containsExactlyInAnyOrder(
        Stream.of(MnistFile.values()).map(MnistFile::gzipName).toArray(String[]::new));
    server.stop(0);
    assertThat(IdxBytes.isTrain(search(mirror).load(arena).train(), SEED)).isTrue();
  }

  @Test
  void aMirrorThatFailsIsLeftForTheNext() throws IOException {
    for (Answer bad : List.of(NOT_FOUND, CUT, FLIPPED, LOGIN_PAGE, ENDLESS)) {
      answers.put("bad", bad);
      notices.lines.clear();
      Splits fetched = search(mirror.resolve("/bad/"), mirror).cache(null).load(arena);
      assertThat(fetched.name()).isEqualTo("mnist");
      assertThat(IdxBytes.isTrain(fetched.train(), SEED)).isTrue();
      assertThat(notices.lines.getFirst()).contains("/bad/t10k-labels-idx1-ubyte.gz");
    }
  }

  @Test
  void aMirrorThatFallsSilentIsGivenUp() throws IOException {
    for (Answer bad : List.of(SILENT, STALLED)) {
      answers.put("bad", bad);
      notices.lines.clear();
      Mnist search = search(mirror.resolve("/bad/")).patience(SHORT).trainLimit(10);
      assertThat(search.load(arena).name()).isEqualTo("synthetic");
      assertThat(notices.lines.getFirst()).contains("/bad/t10k-labels-idx1-ubyte.gz: nothing came for ");
    }
  }

  @Test
  void aWrongChecksumIsNeverUsedNorKept() throws IOException {
    answers.put(MnistFile.TEST_LABELS.gzipName(), FLIPPED);
    Splits drawn = search(mirror).trainLimit(10).load(arena);
    assertThat(drawn.name()).isEqualTo("synthetic");
    assertThat(notices.lines.getFirst()).contains("SHA-256")
        .contains(IdxBytes.original(MnistFile.TEST_LABELS, SEED).sha256());
    assertThat(cached()).isEmpty();
  }

  @Test
  void aDownloadCutInItsLastFileKeepsNothing() throws IOException {
    answers.put(MnistFile.TRAIN_IMAGES.gzipName(), CUT);
    assertThat(search(mirror).trainLimit(10).load(arena).name()).isEqualTo("synthetic");
    assertThat(cached()).isEmpty();
  }

  @Test
  void noNetworkIsFoundOutSoon() throws IOException {
    URI nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + free.getLocalPort() + "/");
    }
    long start = System.nanoTime();
    Splits drawn = search(nobody, URI.create("http://lanewise.invalid/")).patience(SHORT).trainLimit(10).load(arena);
    assertThat(drawn.name()).isEqualTo("synthetic");
    assertThat(notices.lines).hasSize(3);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aHostThatTakesTheConnectionAndSaysNothingIsGivenUp() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI address = URI.create("http://127.0.0.1:" + mute.getLocalPort() + "/");
      assertThat(search(address).patience(SHORT).trainLimit(10).load(arena).name()).isEqualTo("synthetic");
      assertThat(notices.lines.getFirst()).contains("nothing came for 300 ms after 0 bytes");
    }
  }

  @Test
  void aCacheThatCannotBeWrittenIsNoError() throws IOException {
    Path file = Files.createFile(cache.resolve("file"));
    Splits fetched = search(mirror).cache(file).load(arena);
    assertThat(IdxBytes.isTrain(fetched.train(), SEED)).isTrue();
    assertThat(notices.lines).singleElement().asString().contains("cannot keep MNIST");
    notices.lines.clear();
    assertThat(search(mirror).cache(null).load(arena).name()).isEqualTo("mnist");
    assertThat(notices.lines).singleElement().asString().contains("no cache folder");
  }

  @Test
  void anIncompleteCacheIsFilled() throws IOException {
    search(mirror).load(arena);
    Files.delete(cache.resolve("mnist").resolve(MnistFile.TEST_IMAGES.gzipName()));
    assertThat(search(mirror).load(arena).name()).isEqualTo("mnist");
    assertThat(cached()).hasSize(4);
  }

  @Test
  void aFileInTheCacheIsReplacedWholeOrNotAtAll() throws IOException {
    Path folder = cache.resolve("deep/er");
    CacheFolder.write(folder, "x", new byte[] {1, 2, 3});
    CacheFolder.write(folder, "x", new byte[] {4});
    assertThat(folder.resolve("x")).hasBinaryContent(new byte[] {4});
    Files.createDirectories(folder.resolve("taken/inside"));
    assertThatThrownBy(() -> CacheFolder.write(folder, "taken", new byte[9])).isInstanceOf(IOException.class);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("x", "taken");
  }

  @Test
  void anInterruptStopsTheDownload() {
    answers.put(MnistFile.TEST_LABELS.gzipName(), SILENT);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> search(mirror).load(arena)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private Mnist search(URI... mirrors) {
    return Mnist.search().environment(null).cache(cache).mirrors(List.of(mirrors)).patience(Duration.ofSeconds(20))
        .originals(file -> IdxBytes.original(file, SEED)).listener(notices);
  }

  private List<String> cached() throws IOException {
    if (!Files.exists(cache.resolve("mnist"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache.resolve("mnist"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
