package dev.lanewise.training.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.training.data.DataFileException;
import dev.lanewise.training.data.DataListener;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir Path folder;

  private final List<String> notices = new ArrayList<>();

  @Test
  void theFileMayLieInAnyOfThesePlaces() throws IOException {
    for (String place : List.of("a/tinyshakespeare/input.txt", "b/input.txt", "c/tinyshakespeare/input.txt.gz")) {
      write(place, place);
      assertThat(search().data(folder.resolve(place.substring(0, 1))).load()).isEqualTo(new Text("tinyshakespeare", place));
    }
    assertThat(search().data(folder.resolve("b/input.txt")).load().name()).isEqualTo("tinyshakespeare");
    Path own = write("own.txt", "Grüße");
    assertThat(search().data(own).load()).isEqualTo(new Text("own.txt", "Grüße"));
  }

  @Test
  void theNamedPlaceComesBeforeTheEnvironmentAndThatBeforeTheCache() throws IOException {
    write("named/input.txt", "named");
    write("environment/tinyshakespeare/input.txt", "environment");
    write("cache/tinyshakespeare/input.txt", "cache");
    TextFile all = search().environment(folder.resolve("environment")).cache(folder.resolve("cache"));
    assertThat(all.load().content()).isEqualTo("environment");
    assertThat(all.places()).hasSize(2);
    assertThat(all.data(folder.resolve("named")).load().content()).isEqualTo("named");
    assertThat(search().cache(folder.resolve("cache")).load().content()).isEqualTo("cache");
  }

  @Test
  void whatIsNamedMustBeThere() {
    assertThatThrownBy(() -> search().data(folder).load()).isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining(folder.toString()).hasMessageContaining("looked for input.txt");
    assertThatThrownBy(() -> search().data(folder.resolve("none")).locate()).isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("none: no such file or folder");
  }

  @Test
  void emptyAndDamagedFilesAreErrorsThatSayWhere() throws IOException {
    assertThatThrownBy(() -> search().data(write("empty.txt", "")).load()).isInstanceOf(DataFileException.class)
        .hasMessageContaining("empty.txt, byte 0: found an empty file, expected text");
    assertThatThrownBy(() -> search().data(write("blank.txt", " \n\t")).load()).hasMessageContaining("nothing but blanks");
    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', 'b', (byte) 0xE9, 'c'});
    assertThatThrownBy(() -> search().data(latin).load()).isInstanceOf(DataFileException.class)
        .hasMessageContaining("latin.txt, byte 2: found byte 0xe9");
    Path cut = Files.write(folder.resolve("cut.txt"), new byte[] {'a', (byte) 0xC3});
    assertThatThrownBy(() -> search().data(cut).load()).isInstanceOf(DataFileException.class).hasMessageContaining("byte 1");
  }

  @Test
  void aByteOrderMarkIsNoText() throws IOException {
    assertThat(search().data(write("bom.txt", "\uFEFFabc")).load().content()).isEqualTo("abc");
  }

  @Test
  void withoutFilesTheProgramMakesATextUpAndSaysSo() throws IOException {
    Text prose = search().load();
    assertThat(prose.name()).isEqualTo("synthetic");
    assertThat(prose.content().length()).isBetween(150_000, 300_000);
    assertThat(prose.content().substring(0, 30)).containsPattern("^[A-Z]+:\n[a-z ]+");
    assertThat(CharTokenizer.of(prose.content()).size()).isBetween(30, 45);
    assertThat(notices).singleElement().asString().startsWith("tinyshakespeare is not here (LANEWISE_DATA: not set");
    assertThat(search().locate()).isNull();
    Text names = TextFile.names().environment(null).cache(null).load();
    assertThat(names.lines()).hasSize(8000).allMatch(name -> name.matches("[a-z]{3,16}"));
    assertThat(names.lines().stream().distinct().count()).isGreaterThan(5000);
    assertThat(TextFile.names().environment(null).cache(null).load()).isEqualTo(names);
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "LANEWISE_DATA", matches = ".+")
  void theRealTextsAreWhatTheyAreKnownToBe() throws IOException {
    Text shakespeare = TextFile.tinyShakespeare().load();
    CharTokenizer characters = CharTokenizer.of(shakespeare.content());
    assertThat(characters.size()).isEqualTo(65);
    Tokens.Split split = Tokens.of(characters, shakespeare.content()).split(0.9);
    assertThat(split.train().length()).isEqualTo(1_003_854);
    assertThat(split.heldOut().length()).isEqualTo(111_540);
    assertThat(TextFile.names().load().lines()).hasSize(32_033).allMatch(name -> name.length() <= 15);
    BytePairTokenizer pairs = BytePairTokenizer.train(shakespeare.content(), 1024);
    int[] ids = pairs.encode(shakespeare.content());
    assertThat(ids.length).isLessThan(shakespeare.content().length() / 2);
    assertThat(pairs.decode(ids)).isEqualTo(shakespeare.content());
  }

  private TextFile search() {
    return TextFile.tinyShakespeare().environment(null).cache(null).listener(new DataListener() {
      @Override
      public void notice(String line) {
        notices.add(line);
      }
    });
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    if (name.endsWith(".gz")) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(bytes);
      }
      bytes = packed.toByteArray();
    }
    return Files.write(file, bytes);
  }
}
