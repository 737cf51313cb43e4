package dev.architect.cli.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cli.terminal.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a running server for what only it can do, with the token of the operator. */
public final class ServerClient {

    /** Amounts are read as they are written. */
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** The most bytes of an answer that are read. */
    private static final int MAX_BYTES = 1 << 24;

    private final URI server;
    private final String token;

    /**
     * Creates a client.
     *
     * @param server where the server answers, such as {@code http://127.0.0.1:8080}
     * @throws CommandFailure when that is no address of HTTP
     */
    public ServerClient(String server, String token) {
        this.server = parse(server);
        this.token = token;
    }

    private static URI parse(String text) {
        try {
            URI parsed = URI.create(text);
            if (parsed.getHost() != null && ("http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme()))) {
                return parsed;
            }
        } catch (IllegalArgumentException wrong) {
            // Said below.
        }
        throw new CommandFailure("--server is '" + text + "', expected an address such as http://127.0.0.1:8080");
    }

    /**
     * Sends a GET, and returns the answer.
     *
     * @param timeout how long the server may take
     * @throws CommandFailure when it cannot be reached, or refuses, with its reason
     */
    public JsonNode get(String path, Duration timeout) {
        return send("GET", path, null, timeout);
    }

    /**
     * Sends a POST without a body, and returns the answer.
     *
     * @param timeout how long the server may take
     * @throws CommandFailure when it cannot be reached, or refuses, with its reason
     */
    public JsonNode post(String path, Duration timeout) {
        return send("POST", path, new byte[0], timeout);
    }

    /**
     * Sends a POST, and returns the answer.
     *
     * @param timeout how long the server may take
     * @throws CommandFailure when it cannot be reached, or refuses, with its reason
     */
    public JsonNode post(String path, JsonNode body, Duration timeout) {
        return send("POST", path, body.toString().getBytes(StandardCharsets.UTF_8), timeout);
    }

    private JsonNode send(String method, String path, byte @Nullable [] body, Duration timeout) {
        try {
            // A proxy of the environment could not reach a server on the loopback device.
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(server.toString().replaceFirst("/+$", "") + path)
                            .toURL()
                            .openConnection(Proxy.NO_PROXY);
            try {
                connection.setRequestMethod(method);
                return answer(connection, body, timeout);
            } finally {
                connection.disconnect();
            }
        } catch (IOException unreachable) {
            throw new CommandFailure(
                    "the server at " + server + " cannot be reached, expected one that runs (--server names another)",
                    unreachable);
        }
    }

    private JsonNode answer(HttpURLConnection connection, byte @Nullable [] body, Duration timeout) throws IOException {
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setRequestProperty("Accept", "application/json");
        if (body != null) {
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        int status = connection.getResponseCode();
        boolean isRefused = status >= HttpURLConnection.HTTP_BAD_REQUEST;
        JsonNode answer = read(isRefused ? connection.getErrorStream() : connection.getInputStream());
        if (isRefused || status >= HttpURLConnection.HTTP_MULT_CHOICE) {
            throw new CommandFailure("the server at " + server + " answered with status " + status
                    + ", expected one that says it was done: "
                    + answer.path("detail").asText("it has given no reason"));
        }
        return answer;
    }

    private JsonNode read(@Nullable InputStream body) throws IOException {
        if (body == null) {
            return JSON.createObjectNode();
        }
        try (body) {
            byte[] bytes = body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CommandFailure("the server at " + server + " answered with more than " + MAX_BYTES
                        + " bytes, expected at most that");
            }
            return JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException other) {
            // Something else answers there.
            return JSON.createObjectNode();
        }
    }
}
