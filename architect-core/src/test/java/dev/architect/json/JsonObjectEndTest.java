package dev.architect.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectEndTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " {\"a\":1}\n",
                "{\"a\":{\"b\":[{},[]]}}",
                "{\"a\":\"}\"}",
                "{\"a\":\"\\\"}\"}",
                "{\"a\":\"\\\\\"}",
                "{\"]\":[\"[\"]}"
            })
    void isReachedWithTheLastBraceWhereverTheTextIsCut(String object) {
        int length = object.strip().length() + object.indexOf('{');
        for (int cut = 0; cut <= length; cut++) {
            JsonObjectEnd end = new JsonObjectEnd();
            end.read(object.substring(0, cut));
            assertThat(end.isReached()).as(object.substring(0, cut)).isEqualTo(cut == length);
            end.read(object.substring(cut));
            assertThat(end.isReached()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "\"a\"", "1", "{", "{\"a", "{} {}", "{}}", "x{}"})
    void isNotReachedByAnythingElse(String text) {
        JsonObjectEnd end = new JsonObjectEnd();
        end.read(text);

        assertThat(end.isReached()).isFalse();
    }
}
