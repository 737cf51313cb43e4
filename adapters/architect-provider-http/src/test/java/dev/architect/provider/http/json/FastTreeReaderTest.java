package dev.architect.provider.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our trees are those of Jackson. */
class FastTreeReaderTest {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ObjectMapper JACKSON =
            new ObjectMapper(FACTORY).enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":[]}",
                "{\"a\":[[],{},[{\"b\":[1]}],null]}",
                "{\"a\":true,\"b\":false,\"c\":null,\"d\":\"\\u00e9\\n\"}",
                "{\"a\":1,\"b\":-2147483649,\"c\":123456789012345678901234567890}",
                "{\"a\":0.00502,\"b\":1.50,\"c\":0.000,\"d\":-1e3,\"e\":2e-05}",
                "{\"a\":1,\"b\":2,\"a\":{\"c\":3}}",
                " {\"a\" : 1 } "
            })
    void readsWhatJacksonReads(String text) throws IOException {
        assertThat(read(text))
                .isEqualTo(JACKSON.readTree(text))
                .hasToString(JACKSON.readTree(text).toString());
    }

    @Test
    void readsWhatJacksonReadsOfAnyValue() throws IOException {
        SplittableRandom random = new SplittableRandom(20_261_122);
        for (int round = 0; round < 2_000; round++) {
            String text = object(random, 4);
            assertThat(read(text)).as(text).isEqualTo(JACKSON.readTree(text));
        }
    }

    @Test
    void findsEveryOneOfManyFields() throws IOException {
        String text = IntStream.range(0, 1_000)
                .mapToObj(number -> "\"field" + number + "\":" + number)
                .collect(Collectors.joining(",", "{", "}"));

        ObjectNode tree = (ObjectNode) read(text);

        assertThat(tree).isEqualTo(JACKSON.readTree(text));
        for (int number = 0; number < 1_000; number++) {
            assertThat(tree.path("field" + number).asInt(-1)).isEqualTo(number);
        }
        assertThat(tree.has("field1000")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 16, 17, 40})
    void changesAsAnyTreeDoes(int fields) throws IOException {
        String text = IntStream.range(0, fields)
                .mapToObj(number -> "\"f" + number + "\":" + number)
                .collect(Collectors.joining(",", "{", "}"));
        ObjectNode ours = (ObjectNode) read(text);
        ObjectNode theirs = (ObjectNode) JACKSON.readTree(text);

        for (ObjectNode tree : List.of(ours, theirs)) {
            tree.remove("f0");
            tree.put("f3", "changed");
            tree.put("more", true);
            tree.properties().removeIf(field -> field.getValue().asInt(1) % 3 == 0);
        }

        assertThat(ours).isEqualTo(theirs).hasToString(theirs.toString());
        assertThat(ours.deepCopy()).isEqualTo(theirs);
        assertThat(ours.removeAll()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "[]", "null", "{} {}", "{}1"})
    void isNullWhereThereIsNoSingleObject(String text) throws IOException {
        assertThat(read(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\"", "{\"a\":", "{\"a\":[", "{\"a\":1,}", "{a:1}", "{\"a\":[1}", "{} x"})
    void failsWhereThereIsNoJson(String text) {
        assertThatExceptionOfType(JsonProcessingException.class).isThrownBy(() -> read(text));
    }

    private static JsonNode read(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return FastTreeReader.object(parser);
        }
    }

    private static String object(SplittableRandom random, int depth) {
        return IntStream.range(0, random.nextInt(random.nextInt(8) == 0 ? 40 : 6))
                .mapToObj(field -> "\"f" + random.nextInt(30) + "\":" + value(random, depth - 1))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> Integer.toString(random.nextInt());
            case 1 -> Long.toString(random.nextLong());
            case 2 -> Double.toString(random.nextDouble());
            case 3 -> random.nextBoolean() ? "true" : "null";
            case 4, 5 ->
                TextNode.valueOf("text " + random.nextInt(100) + " \"\n€").toString();
            case 6 -> object(random, depth);
            default ->
                IntStream.range(0, random.nextInt(5))
                        .mapToObj(item -> value(random, depth - 1))
                        .collect(Collectors.joining(",", "[", "]"));
        };
    }
}
