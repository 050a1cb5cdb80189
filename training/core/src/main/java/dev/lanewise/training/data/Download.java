package dev.lanewise.training.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches one address into memory, giving up in seconds when nothing answers: resolving the name, connecting and the
 * first byte must together fit into {@code patience}, and every later pause into four times that.
 */
final class Download {
  private static final Duration TICK = Duration.ofMillis(100);

  /** A host that has begun to answer may be silent this many times longer than one that has not. */
  private static final int PAUSE = 4;

  private final URI address;
  private final String name;
  private final long limit;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private volatile long received;
  private volatile long total = -1;

  private Download(URI address, String name, long limit) {
    this.address = address;
    this.name = name;
    this.limit = limit;
  }

  /**
   * @param limit more bytes than this are refused
   * @throws IOException when there is no answer in time, the status is not 200, or the connection is cut
   */
  static byte[] fetch(HttpClient client, URI address, String name, long limit, Duration patience, DataListener listener)
      throws IOException {
    return new Download(address, name, limit).run(client, patience, listener);
  }

  private byte[] run(HttpClient client, Duration patience, DataListener listener) throws IOException {
    CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(HttpRequest.newBuilder(address).build(), head -> {
      total = head.headers().firstValueAsLong("content-length").orElse(-1);
      return head.statusCode() == 200
          ? HttpResponse.BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(this::append))
          : HttpResponse.BodySubscribers.discarding();
    });
    try {
      HttpResponse<Void> response = await(answer, patience, listener);
      if (response.statusCode() != 200) {
        throw new IOException(address + ": status " + response.statusCode());
      }
      listener.progress(name, received, total);
      return content.toByteArray();
    } finally {
      answer.cancel(true);
    }
  }

  private HttpResponse<Void> await(
      CompletableFuture<HttpResponse<Void>> answer, Duration patience, DataListener listener) throws IOException {
    long lastBytes = 0;
    long lastChange = System.nanoTime();
    while (true) {
      try {
        return answer.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long bytes = received;
        if (bytes != lastBytes) {
          lastBytes = bytes;
          lastChange = System.nanoTime();
          listener.progress(name, bytes, total);
          continue;
        }
        Duration allowed = bytes == 0 ? patience : patience.multipliedBy(PAUSE);
        if (System.nanoTime() - lastChange > allowed.toNanos()) {
          throw new IOException(address + ": nothing came for " + allowed.toMillis() + " ms after " + bytes + " bytes");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException(address + ": interrupted");
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw new IOException(address + ": " + reason(cause), cause);
      }
    }
  }

  private void append(byte[] part) {
    if (received + part.length > limit) {
      throw new IllegalStateException("more than the " + limit + " bytes that the file can have");
    }
    content.write(part, 0, part.length);
    received += part.length;
  }

  /** What failed at the bottom: the client wraps connection failures in others that have no message. */
  private static String reason(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return deepest.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
