package dev.lanewise.tensor.io;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Npz files: a zip file of npy files by name, as NumPy's {@code savez} and {@code savez_compressed} write and {@code load} reads them.
 * Element types are those of {@link Npy}. Written compressed; the zip file's checksums are checked on reading.
 */
public final class Npz {
  private static final String SUFFIX = ".npy";

  /** What deflate can make of one byte at most, a little more: no array can be larger, whatever its header says. */
  private static final long MOST_INFLATION = 1100;

  /** One time for all entries, the earliest that a zip file knows: the same arrays give the same bytes. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** What ends a zip file without a comment, and how it begins. */
  private static final int END_BYTES = 22;
  private static final int END_MAGIC = 0x06054b50;

  /** Stands for a number that needs more than 32 bits. */
  private static final long ELSEWHERE = 0xFFFF_FFFFL;

  private Npz() {}

  /**
   * What a file holds, each map in the order of the file.
   *
   * @param tensors of f4 and f8
   * @param ints of i4, i8 and u1
   */
  public record File(Map<String, Tensor> tensors, Map<String, IntTensor> ints) {
    /** Keeps unmodifiable views. */
    public File {
      tensors = Collections.unmodifiableMap(tensors);
      ints = Collections.unmodifiableMap(ints);
    }
  }

  /**
   * Reads a whole file.
   *
   * @param arena where the tensors live
   * @throws FormatException if the file is no npz file, is damaged or holds something else; nothing is handed out then
   */
  public static File read(Path file, Arena arena) throws IOException {
    long largest = Files.size(file) * MOST_INFLATION;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, IntTensor> ints = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String path = entry.getName();
        names.add(path);
        ElementReader reader = new ElementReader(file + "!" + path, Channels.newChannel(zip));
        if (!path.endsWith(SUFFIX)) {
          throw reader.damage(0, "an entry of this name", "names that end in " + SUFFIX);
        }
        read(reader, path.substring(0, path.length() - SUFFIX.length()), largest, tensors, ints, arena);
      }
      requireDirectory(file, names);
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw new FormatException(file.toString(), 0, "a damaged zip file (" + e.getMessage() + ")", "a whole one");
    }
    return new File(tensors, ints);
  }

  private static void read(ElementReader reader, String name, long largest, Map<String, Tensor> tensors,
      Map<String, IntTensor> ints, Arena arena) throws IOException {
    NpyHeader header = NpyHeader.read(reader);
    if (header.dataBytes() > largest) {
      throw reader.damage(reader.offset(), "an array of " + header.dataBytes() + " bytes", "at most " + largest
          + ", which is all that a zip file of this length can hold");
    }
    boolean twice = header.type().isFloat()
        ? tensors.put(name, reader.floats(header.type(), header.order(), header.shape(), arena)) != null
        : ints.put(name, reader.ints(header.type(), header.order(), header.shape(), arena)) != null;
    if (twice) {
      throw reader.damage(0, "this name again", "each name once");
    }
    reader.requireEnd();
  }

  /** The names stand in the file twice: before each entry, and in the directory at the end, which a cut-off file has not. */
  private static void requireDirectory(Path file, List<String> names) throws IOException {
    List<String> listed = new ArrayList<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      zip.entries().asIterator().forEachRemaining(entry -> listed.add(entry.getName()));
    }
    if (!listed.equals(names)) {
      throw new FormatException(file.toString(), 0, "a directory of " + listed, "one of the entries that are there, " + names);
    }
    requireDirectoryAtTheEnd(file);
  }

  /**
   * The last bytes say where the directory is: right before them. A file whose entries and directory were both damaged would else count as one
   * without entries.
   */
  private static void requireDirectoryAtTheEnd(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer end = ByteBuffer.allocate(END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      long at = Math.max(0, channel.size() - END_BYTES);
      channel.position(at);
      while (end.hasRemaining() && channel.read(end) >= 0) {
        // Until all are there.
      }
      long bytes = Integer.toUnsignedLong(end.getInt(12));
      long begin = Integer.toUnsignedLong(end.getInt(16));
      boolean elsewhere = bytes == ELSEWHERE || begin == ELSEWHERE;
      if (end.hasRemaining() || end.getInt(0) != END_MAGIC || (!elsewhere && begin + bytes != at)) {
        throw new FormatException(file.toString(), at, "an end that names a directory of " + bytes + " bytes from " + begin + " on",
            "one that ends here");
      }
    }
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @throws IllegalArgumentException if a tensor and an int tensor have the same name
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, IntTensor> ints) throws IOException {
    for (String name : ints.keySet()) {
      if (tensors.containsKey(name)) {
        throw new IllegalArgumentException("Npz: a tensor and an int tensor are both called " + name + "; rename one");
      }
    }
    ElementWriter writer = new ElementWriter();
    AtomicFile.write(file, channel -> {
      ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        Tensor tensor = entry.getValue();
        write(zip, writer, entry.getKey(), ElementType.F32, tensor.shape(), tensor.segment());
      }
      for (Map.Entry<String, IntTensor> entry : ints.entrySet()) {
        IntTensor tensor = entry.getValue();
        write(zip, writer, entry.getKey(), ElementType.I32, tensor.shape(), tensor.segment());
      }
      zip.finish();
    });
  }

  private static void write(ZipOutputStream zip, ElementWriter writer, String name, ElementType type, Shape shape,
      MemorySegment elements) throws IOException {
    ZipEntry entry = new ZipEntry(name + SUFFIX);
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    WritableByteChannel channel = Channels.newChannel(zip);
    writer.write(NpyHeader.render(type, shape), channel);
    writer.write(elements, channel);
    zip.closeEntry();
  }
}
