package dev.architect.benchmarks.list;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads from a server over connections that stay open. Safe for use by several threads. */
final class ListClient {

    static final int OK = 200;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String token;

    ListClient(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /**
     * What the server has answered.
     *
     * @param nanos how long it took until all of it was there
     */
    record Answer(int status, byte[] body, long nanos) {

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    /** Returns the answer to a path with its query. */
    Answer get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .build();
        long begin = System.nanoTime();
        HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.body(), System.nanoTime() - begin);
    }

    /** Returns what a path answers with status 200. */
    Answer read(String path) throws IOException, InterruptedException {
        Answer answer = get(path);
        if (answer.status() != OK) {
            throw new IOException(path + " answered with status " + answer.status() + ", expected 200: "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer;
    }
}
