package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.prompt.ChatRequestCodec;
import dev.architect.server.operation.Operation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Operations and fields are documented, and the documented examples are accepted. */
final class ServerDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "reference", "server.md");

    /** A block of JSON that starts with a prompt or messages. */
    private static final Pattern EXAMPLE =
            Pattern.compile("```json\n(\\{\\s*\"(?:prompt|messages)\".*?)```", Pattern.DOTALL);

    @Test
    void everyOperationIsInTheDocument() throws IOException {
        String document = Files.readString(DOCUMENT);

        try (ServerFixture fixture = new ServerFixture()) {
            assertThat(fixture.server.operations())
                    .isNotEmpty()
                    .allSatisfy(operation -> assertThat(document).contains(named(operation)));
        }
    }

    @Test
    void everyFieldOfAChatRequestIsInTheDocument() throws IOException {
        String document = Files.readString(DOCUMENT);

        assertThat(ChatRequestCodec.FIELDS)
                .isNotEmpty()
                .allSatisfy(field -> assertThat(document).contains("| `" + field + "` |"));
    }

    @Test
    void theServerAcceptsTheExamplesOfTasks() throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(DOCUMENT))
                .results()
                .map(example -> example.group(1))
                .toList();

        assertThat(examples).hasSize(2);
        try (ServerFixture fixture = new ServerFixture()) {
            assertThat(examples).allSatisfy(example -> {
                HttpResponse<String> response = fixture.post("/api/tasks", example);
                assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
            });
        }
    }

    private static String named(Operation operation) {
        String path = operation.path().startsWith("/page/") ? "/page/…" : operation.path();
        return "`" + operation.method() + " " + path;
    }
}
