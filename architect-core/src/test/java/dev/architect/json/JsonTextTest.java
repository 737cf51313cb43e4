package dev.architect.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

    @Test
    void writesWhatItReadsAndReadsWhatItWrites() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "a \"quoted\" \\ line\nü 漢字 🙂 \u0001");
        object.put("numbers", List.of(new BigDecimal("1.50"), new BigDecimal("-0"), new BigDecimal("1E+2")));
        object.put("flags", Arrays.asList(true, false, null));
        object.put("nested", Map.of("empty", List.of(), "object", Map.of()));

        assertThat(JsonText.read(JsonText.write(object))).isEqualTo(object);
    }

    @Test
    void keepsTheOrderOfFieldsAndLeavesOutWhiteSpace() {
        assertThat(JsonText.write(JsonText.read(" { \"b\" : 1 , \"a\" : [ ] , \"c\" : { } } ")))
                .isEqualTo("{\"b\":1,\"a\":[],\"c\":{}}");
    }

    @Test
    void readsEveryEscape() {
        assertThat(JsonText.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00fC\\ud83d\\ude42\""))
                .isEqualTo("\"\\/\b\f\n\r\tü🙂");
    }

    @Test
    void escapesLoneSurrogates() {
        assertThat(JsonText.write("a\ud83db\ude42")).isEqualTo("\"a\\ud83db\\ude42\"");
        assertThat(JsonText.read(JsonText.write("\ud83d"))).isEqualTo("\ud83d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "\"",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "[1,]",
                "[1 2]",
                "{\"a\":1,}",
                "01",
                "1.",
                ".5",
                "-",
                "1e",
                "+1",
                "tru",
                "nul",
                "NaN",
                "'a'",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12G4\"",
                "\"\\u\uff11\uff11\uff11\uff11\"",
                "\"a\nb\"",
                "1 2",
                "{} x",
                "\ufeff{}"
            })
    void rejectsWhatIsNotJson(String text) {
        assertThatThrownBy(() -> JsonText.read(text))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("expected");
        assertThat(JsonText.isValid(text)).isFalse();
    }

    @Test
    void rejectsAFieldThatIsNamedTwice() {
        assertThatThrownBy(() -> JsonText.read("{\"secret\":1,\"secret\":2}"))
                .hasMessage("JSON names a field twice at character 12, expected each once");
    }

    @Test
    void boundsDepthAndNumbers() {
        assertThat(JsonText.isValid("[".repeat(64) + "]".repeat(64))).isTrue();
        assertThatThrownBy(() -> JsonText.read("[".repeat(100_000))).hasMessageContaining("deeper than 64");
        assertThatThrownBy(() -> JsonText.read("1".repeat(65))).hasMessageContaining("at most 64");
        assertThatThrownBy(() -> JsonText.read("1e99999")).hasMessageContaining("at most 4");
        assertThat(JsonText.read("1e9999")).isEqualTo(new BigDecimal("1e9999"));
    }

    @Test
    void rejectsValuesThatAreNoJson() {
        assertThatThrownBy(() -> JsonText.write(new Object())).hasMessageContaining("expected a map, a list");
        assertThatThrownBy(() -> JsonText.write(Double.NaN)).hasMessage("number is NaN, expected a finite one");
        assertThatThrownBy(() -> JsonText.write(Map.of(1, 2))).hasMessage("key of an object is 1, expected text");
        assertThatThrownBy(() -> JsonText.raw("{")).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> JsonText.readObject("[]")).hasMessage("JSON value is a list, expected an object");
    }
}
