package dev.lanewise.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Complaints about headers name the byte that is wrong, spaces before it left out, and the character as a person can read it. */
class HeaderTextTest {
  private static final String SPACED = """
      { "a" : { "dtype" : "U8" , "shape" : [ 1 ] , "data_offsets" : [ 0 , 1 ] } ,
        "b" : { "dtype" : "U8" , "shape" : [ 2 ] , "data_offsets" : [ 1 , 3 ] } }""";

  private static SafetensorsHeader parse(String text) throws FormatException {
    return SafetensorsHeader.parse("f", 8, text.getBytes(StandardCharsets.UTF_8), 3);
  }

  /** The place is where {@code at} first stands in the header after {@code from} was put in for {@code what}. */
  private static void refused(String what, String from, String at, String message) {
    String text = SPACED.replace(what, from);
    assertThat(text).isNotEqualTo(SPACED);
    assertThatThrownBy(() -> parse(text)).isInstanceOf(FormatException.class)
        .hasMessage("f, byte " + (8 + text.indexOf(at)) + ": " + message);
  }

  @Test
  void spacesMayStandEverywhereBetweenWords() throws FormatException {
    assertThat(parse(SPACED).entries()).extracting(SafetensorsHeader.Entry::name).containsExactly("a", "b");
  }

  @Test
  void thePlaceIsThatOfTheWordNotOfTheSpacesBeforeIt() {
    refused("\"b\"", "\"a\"", "\"a\" : { \"dtype\" : \"U8\" , \"shape\" : [ 2", "found the name a again, expected each name once");
    refused("[ 1 ] ,", "[ 9 ] ,", "{ \"dtype\"", "found 1 bytes for a [9] U8, expected 9 bytes");
    refused("[ 2 ] ,", "[ 9 ] ,", "{ \"dtype\" : \"U8\" , \"shape\" : [ 9", "found 2 bytes for b [9] U8, expected 9 bytes");
    refused("\"shape\" : [ 2 ]", "\"dtype\" : \"U8\"", "\"dtype\" : \"U8\" , \"data_", "found the key dtype again, expected each key once");
    refused("\"shape\" : [ 2 ]", "\"data_offsets\" : [ 3 , 4 ]", "\"data_offsets\" : [ 1 , 3", "found the key data_offsets again, "
        + "expected each key once");
    refused("\"shape\" : [ 1 ]", "\"form\" : [ 1 ]", "\"form\"", "found the key form, expected dtype, shape or data_offsets");
    refused("\"dtype\" : \"U8\" , \"shape\" : [ 1", "\"dtype\" : \"F8\" , \"shape\" : [ 1", "\"F8\"",
        "found a of dtype F8, expected F32, F64, I32, I64 or U8; convert it with the tool that wrote it");
    refused("[ 1 ] ,", "[ 4294967296 ] ,", "[ 4294967296", "found an axis of 4294967296 in a, expected at most 2^31 - 1");
    refused("[ 1 ] ,", "[ 007 ] ,", "007", "found a number with a leading 0, expected one without");
    refused("{ \"a\" : { \"dtype\" : \"U8\" , \"shape\" : [ 1 ] , \"data_offsets\" : [ 0 , 1 ] }",
        "{ \"__metadata__\" : { \"k\" : \"v\" , \"k\" : \"w\" }", "\"k\" : \"w\"", "found the key k again, expected each key once");
  }

  /** 2^58 is the most that another digit may follow. */
  @Test
  void numbersOfTheMostDigitsAreRead() {
    refused("[ 1 ] ,", "[ 2882303761517117440 ] ,", "[ 2882303761517117440",
        "found an axis of 2882303761517117440 in a, expected at most 2^31 - 1");
    refused("[ 1 ] ,", "[ 2882303761517117450 ] ,", "2882303761517117450", "found a number of too many digits, expected at most 2^62");
  }

  @Test
  void charactersThatCannotBeSeenAreGivenByNumber() {
    Map<Character, String> shown = Map.of(' ', "U+0020", '!', "'!'", '~', "'~'", '\u007f', "U+007F");
    shown.forEach((escaped, name) -> assertThatThrownBy(() -> parse("{\"a\\" + escaped))
        .hasMessage("f, byte 12: found " + name + " after a backslash, expected one of \"\\/bfnrtu"));
  }

  @Test
  void aHeaderMayEndWithinAnEscape() {
    assertThatThrownBy(() -> parse("{\"\\u12")).hasMessage("f, byte 14: found the end of the header, expected a hexadecimal digit");
    assertThatThrownBy(() -> parse("{\"\\")).hasMessage("f, byte 11: found the end of the header, expected an escape");
  }
}
