package dev.architect.router.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.OutputSchema;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class JsonSchemaCheckerTest {

    private static final String ANIMAL = """
            {"type":"object","properties":{"name":{"type":"string"},"legs":{"type":"integer","minimum":0}},
             "required":["name","legs"],"additionalProperties":false}""";

    private final JsonSchemaChecker checker = JsonSchemaChecker.of(ANIMAL);

    @Test
    void comparesTheTextWithTheSchema() {
        assertThat(verdict("{\"name\":\"cow\",\"legs\":4}")).isEqualTo("ACCEPTED");
        assertThat(verdict("Here```")).isEqualTo("not-json");
        assertThat(verdict("```json\n{\"name\":\"cow\",\"legs\":4}\n```")).isEqualTo("ACCEPTED");
        assertThat(verdict("{\"name\":\"cow\",\"legs\":\"four\"}")).isEqualTo("schema-mismatch");
        assertThat(verdict("{\"name\":\"cow\"}")).isEqualTo("schema-mismatch");
        assertThat(verdict("{\"name\":\"cow\",\"legs\":4,\"wings\":0}")).isEqualTo("schema-mismatch");
        assertThat(verdict("{\"name\":\"cow\",\"legs\":4} and more")).isEqualTo("not-json");
        assertThat(verdict("{\"name\":\"cow\",")).isEqualTo("not-json");
        assertThat(verdict(" ")).isEqualTo("not-json");
    }

    @Test
    void takesTheSchemaOfTheRequest() {
        ChatRequest request = ChatRequest.builder("Hi")
                .outputSchema(new OutputSchema("animal", ANIMAL))
                .build();

        assertThat(JsonSchemaChecker.ofRequest().check(request, AnswerFixture.answer("{\"name\":1,\"legs\":4}")))
                .isEqualTo(AnswerVerdict.rejected("schema-mismatch"));
        assertThat(AnswerFixture.verdict(JsonSchemaChecker.ofRequest(), "{}")).isEqualTo("UNSURE");
    }

    @Test
    void earlierDraftsAreTakenByTheirName() {
        String draft4 =
                "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"minimum\":3,\"exclusiveMinimum\":true}";

        assertThat(AnswerFixture.verdict(JsonSchemaChecker.of(draft4), "3")).isEqualTo("schema-mismatch");
        assertThat(AnswerFixture.verdict(JsonSchemaChecker.of(draft4), "4")).isEqualTo("ACCEPTED");
    }

    @Test
    void fetchesNothing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            String schema =
                    "{\"$ref\":\"http://127.0.0.1:" + server.getAddress().getPort() + "/other.json\"}";

            assertThat(AnswerFixture.verdict(JsonSchemaChecker.of(schema), "{}"))
                    .isEqualTo("UNSURE");
            assertThat(asked).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aCatastrophicPatternEndsSoon() {
        String schema = "{\"type\":\"string\",\"pattern\":\"^(x+x+)+y$\"}";

        String verdict = assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> AnswerFixture.verdict(JsonSchemaChecker.of(schema), "\"" + "x".repeat(5_000) + "\""));

        assertThat(verdict).isEqualTo("UNSURE");
    }

    @Test
    void aSchemaThatIsNoneIsRefusedOrUnsure() {
        assertThatThrownBy(() -> JsonSchemaChecker.of("{")).isInstanceOf(IllegalArgumentException.class);
        assertThat(AnswerFixture.verdict(JsonSchemaChecker.of("{\"$ref\":\"#/nowhere\"}"), "1"))
                .isEqualTo("UNSURE");
    }

    private String verdict(String text) {
        return AnswerFixture.verdict(checker, text);
    }
}
