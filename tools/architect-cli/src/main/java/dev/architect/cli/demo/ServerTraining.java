package dev.architect.cli.demo;

import dev.architect.cli.launch.LocalServer;
import dev.architect.runtime.RuntimeConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Asks a server for what servers are asked for first, so that the archive of classes which the launcher keeps has what answers it. */
final class ServerTraining {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]";
    private static final List<String> READ =
            List.of("/health", "/", "/page/base.css", "/api/status", "/api/tasks", "/api/calls");

    private ServerTraining() {}

    static void run(LocalServer server, Path directory) throws IOException {
        Path configuration = directory.resolve("training.yaml");
        Files.writeString(configuration, "providers:\n  openai: {}\n");
        RuntimeConfiguration.load(configuration);
        for (String path : READ) {
            ask(server, path, "");
        }
        ask(server, "/v1/chat/completions", "{\"model\":\"auto\"," + MESSAGES + "}");
        ask(server, "/v1/chat/completions", "{\"model\":\"auto\",\"stream\":true," + MESSAGES + "}");
        ask(server, "/v1/messages", "{\"model\":\"auto\",\"max_tokens\":50," + MESSAGES + "}");
        ask(server, "/api/tasks", "{\"prompt\":\"Say hello\"}");
    }

    /** Reads the whole answer, whatever it is. */
    private static void ask(LocalServer server, String path, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(server.url() + path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestProperty("Authorization", "Bearer " + server.token());
        try {
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            boolean isError = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
            try (InputStream answer = isError ? connection.getErrorStream() : connection.getInputStream()) {
                if (answer != null) {
                    answer.readAllBytes();
                }
            }
        } finally {
            connection.disconnect();
        }
    }
}
