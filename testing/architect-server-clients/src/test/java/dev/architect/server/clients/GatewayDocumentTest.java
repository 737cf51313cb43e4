package dev.architect.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The commands of the page about the gateway are answered. */
final class GatewayDocumentTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "how-to", "use-the-model-gateway.md");
    private static final Pattern COMMAND =
            Pattern.compile("curl -[a-zA-Z]+ (.*?)http://127.0.0.1:8080(\\S+)", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile("-H ['\"]([^:'\"]+): ([^'\"]+)['\"]");
    private static final Pattern BODY = Pattern.compile("-d '([^']+)'");

    @Test
    void everyCommandIsAnswered() throws IOException, InterruptedException {
        List<MatchResult> commands =
                COMMAND.matcher(Files.readString(PAGE)).results().toList();

        assertThat(commands).hasSize(3);
        try (GatewayServer server = new GatewayServer()) {
            for (MatchResult command : commands) {
                HttpResponse<String> response =
                        HttpClient.newHttpClient().send(request(server, command), HttpResponse.BodyHandlers.ofString());

                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                assertThat(response.headers().firstValue("architect-model")).isPresent();
            }
        }
    }

    private static HttpRequest request(GatewayServer server, MatchResult command) {
        String options = command.group(1).replace("$TOKEN", GatewayServer.KEY);
        Matcher body = BODY.matcher(options);
        assertThat(body.find()).as(options).isTrue();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + command.group(2)))
                .POST(HttpRequest.BodyPublishers.ofString(body.group(1)));
        HEADER.matcher(options).results().forEach(header -> request.header(header.group(1), header.group(2)));
        return request.build();
    }
}
