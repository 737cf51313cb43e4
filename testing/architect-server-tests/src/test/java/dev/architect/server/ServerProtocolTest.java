package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Details of HTTP, WebSocket and JSON that clients rely on. */
final class ServerProtocolTest {

    private static ServerFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static String raw(String line, String... headers) {
        List<String> lines = new ArrayList<>(
                List.of(line + " HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer " + ServerFixture.SECRET));
        lines.addAll(Arrays.asList(headers));
        if (lines.stream().noneMatch(header -> header.startsWith("Connection:"))) {
            lines.add("Connection: close");
        }
        return fixture.raw(lines.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DELETE /api/tasks | GET, HEAD, OPTIONS, POST
            PUT /api/tasks/x | GET, HEAD, OPTIONS, PATCH
            GET /api/tasks/x/cancel | OPTIONS, POST
            POST /health | GET, HEAD, OPTIONS
            GET /logout | OPTIONS, POST
            DELETE /login | GET, HEAD, OPTIONS, POST
            POST /metrics | GET, HEAD, OPTIONS
            POST / | GET, HEAD, OPTIONS
            POST /page/base.css | GET, HEAD, OPTIONS
            TRACE /api/status | GET, HEAD, OPTIONS
            BREW /api/status | GET, HEAD, OPTIONS
            POST /ws/live | GET, HEAD, OPTIONS
            """)
    void aMethodThatAPathDoesNotTakeIsAnsweredWithThoseThatItTakes(String line, String allowed) {
        assertThat(raw(line))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nAllow: " + allowed + "\r\n", "\"code\":\"method-not-allowed\"");
    }

    /** A browser offers it for every WebSocket. */
    @Test
    void aWebSocketIsNotCompressed() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", fixture.server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + ServerFixture.SECRET
                                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                    + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }

            assertThat(head.toString())
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
        }
    }

    @Test
    void whoseBodyIsNotReadIsToldThatTheConnectionEnds() {
        String answer = fixture.raw(
                "POST /api/tasks HTTP/1.1",
                "Host: 127.0.0.1:" + fixture.server.port(),
                "Content-Type: application/json",
                "Content-Length: 200",
                "",
                "{\"prompt\":");

        assertThat(answer).startsWith("HTTP/1.1 401 ").contains("\r\nConnection: close\r\n");
    }

    @Test
    void everyOperationNamesItsMethods() {
        for (var operation : fixture.server.operations()) {
            String path = operation.path().replaceAll("\\{[^}]+}", "x");

            assertThat(raw("OPTIONS " + path))
                    .as(path)
                    .startsWith("HTTP/1.1 204 ")
                    .containsPattern("\r\nAllow: [A-Z, ]*" + operation.method().name());
            String allowed = raw("OPTIONS " + path).replaceAll("(?s).*\r\nAllow: ([^\r]*)\r\n.*", "$1");
            String foreign = Stream.of("PATCH", "PUT", "DELETE", "POST")
                    .filter(each -> !List.of(allowed.split(", ")).contains(each))
                    .findFirst()
                    .orElseThrow();
            assertThat(raw(foreign + " " + path))
                    .as(path)
                    .startsWith("HTTP/1.1 405 ")
                    .contains("\r\nAllow: ");
        }
        assertThat(raw("PATCH /nothing")).startsWith("HTTP/1.1 404 ").doesNotContain("Allow:");
        assertThat(raw("OPTIONS /nothing")).startsWith("HTTP/1.1 404 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/health", "/api/tasks/nothing", "/api/tasks?limit=0", "/page/base.css", "/nothing", "/login"})
    void headHasStatusAndHeaderOfGetWithoutContent(String path) {
        String get = raw("GET " + path);
        String head = raw("HEAD " + path);

        assertThat(head).endsWith("\r\n\r\n");
        assertThat(lines(head)).isEqualTo(lines(get.substring(0, get.indexOf("\r\n\r\n") + 4)));
        String content = get.substring(get.indexOf("\r\n\r\n") + 4);
        assertThat(head).contains("Content-Length: " + content.getBytes(StandardCharsets.UTF_8).length + "\r\n");
    }

    /** The time of the answer, its number and the uptime may differ. */
    private static List<String> lines(String header) {
        return header.lines()
                .filter(line -> !line.startsWith("Date:") && !line.startsWith("X-Request-Id:"))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: close",
                "Connection: Upgrade, close; Upgrade: h2c",
                "Connection: Upgrade, close; Upgrade: websocket; Sec-WebSocket-Version: 12; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Connection: Upgrade, close; Upgrade: websocket; Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            })
    void aWebSocketPathRequiresTheUpgrade(String headers) {
        String answer = raw("GET /ws/live", headers.split("; "));

        assertThat(answer)
                .startsWith("HTTP/1.1 426 ")
                .contains("\r\nUpgrade: websocket\r\n")
                .containsPattern("(?i)\r\nConnection: [^\r]*Upgrade")
                .contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Sec-WebSocket-Key: short", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"})
    void anUpgradeWithoutAValidKeyIsABadRequest(String key) {
        List<String> headers = new ArrayList<>(
                List.of("Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13"));
        if (!key.isEmpty()) {
            headers.add(key);
        }

        assertThat(raw("GET /ws/live", headers.toArray(String[]::new)))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContain("HTTP/1.1 500");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            application/json | - | 201
            application/json; charset=utf-8 | - | 201
            application/json;charset="UTF-8" | - | 201
            Application/JSON | - | 201
            application/json; charset=utf-16 | - | 415
            application/json; charset=iso-8859-1 | - | 415
            text/json | - | 415
            application/json-patch+json | - | 415
            application/json | gzip | 415
            application/json | identity | 201
            """)
    void bodiesAreJsonInUtf8WithoutAnEncoding(String type, String encoding, int status) {
        HttpRequest.Builder request = fixture.request("/api/tasks")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\",\"delay\":\"1h\"}"));
        if (encoding != null) {
            request.header("Content-Encoding", encoding);
        }

        assertThat(fixture.send(request).statusCode()).isEqualTo(status);
    }

    @Test
    void onlyUtf8IsRead() {
        String body = "{\"prompt\":\"gr\u00fc\u00df\",\"delay\":\"1h\"}";

        assertThat(post(body.getBytes(StandardCharsets.UTF_8)).statusCode()).isEqualTo(201);
        assertThat(post(("\uFEFF" + body).getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(201);
        assertThat(post(body.getBytes(StandardCharsets.ISO_8859_1)).statusCode())
                .isEqualTo(400);
        assertThat(post(body.getBytes(StandardCharsets.UTF_16)).statusCode()).isEqualTo(400);
        assertThat(post(body.getBytes(StandardCharsets.UTF_16BE)).statusCode()).isEqualTo(400);
    }

    private static HttpResponse<String> post(byte[] body) {
        return fixture.send(fixture.request("/api/tasks")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"prompt":"\\ud83d"} | prompt
            {"prompt":"a\\ude42b"} | prompt
            {"prompt":"x","system":"\\ude42\\ud83d"} | system
            {"tasks":[{"prompt":"x"},{"prompt":"x","stopSequences":["a","\\ud83d"]}]} | tasks[1].stopSequences[1]
            {"prompt":"x","tags":{"a":"\\ud83d"}} | tags.a
            {"prompt":"x","tools":[{"name":"a","inputSchema":{"title":"\\ud83d"}}]} | tools[0].inputSchema.title
            {"type":"mail","payload":"\\udc00"} | payload
            """)
    void halfASurrogatePairIsRefused(String body, String field) {
        assertRefused(body, field);
    }

    @Test
    void awholePairIsText() {
        HttpResponse<String> answer = fixture.post("/api/tasks", "{\"prompt\":\"\\ud83d\\ude42\",\"delay\":\"1h\"}");

        assertThat(answer.statusCode()).isEqualTo(201);
    }

    private static JsonNode assertRefused(String body, String field) {
        HttpResponse<String> answer = fixture.post("/api/tasks", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode error = fixture.json(answer);
        assertThat(ServerFixture.place(error)).isEqualTo(field);
        assertThat(error.get("detail").textValue())
                .startsWith(field)
                .doesNotContain("java.", "Exception", "REQUIRED", "ALLOWED", "ASSISTANT", "\n");
        return error;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"tasks":[{"prompt":"x","payload":"y"}]} | tasks[0].payload
            {"tasks":[{"prompt":"x"},{"prompt":"x","priority":"soon"}]} | tasks[1].priority
            {"tasks":[{"prompt":"x","delay":"soon"}]} | tasks[0].delay
            {"tasks":[{}]} | tasks[0].prompt
            {"tasks":[{"prompt":"x","type":"mail"}]} | tasks[0].type
            {"tasks":[{"prompt":"x"},{"type":"mail","payload":"y"}]} | tasks[1].type
            {"tasks":[{"prompt":"x","needs":[1]}]} | tasks[0].needs[0]
            {"prompt":"x","stopSequences":[""]} | stopSequences
            {"prompt":"x","stopSequences":["a","b","c","d","e"]} | stopSequences
            {"prompt":"x","tools":[{"name":"a b","inputSchema":{}}]} | tools[0].name
            {"prompt":"x","tools":[{"name":"a","inputSchema":{}},{"name":"a","inputSchema":{}}]} | tools
            {"prompt":"x","toolChoice":"required"} | toolChoice
            {"prompt":"x","toolChoice":{"name":"z"}} | toolChoice
            {"tasks":[{"prompt":"x","options":{"x":"y"}}]} | tasks[0].options
            {"messages":[{"role":"assistant","content":"x"}]} | messages
            {"messages":[{"role":"user","content":[{"type":"document","name":"a","url":"no url"}]}]} | messages[0].content[0].url
            {"type":"prompt","payload":""} | payload
            {"type":"prompt","payload":"{}"} | payload
            {"tasks":[{"type":"prompt","payload":"{\\"prompt\\":1}"}]} | tasks[0].payload
            {"type":"prompt","payload":"{\\"prompt\\":\\"x\\"}","attributes":{"a":"x"}} | attributes
            """)
    void messagesBeginWithTheWholePathOfTheFieldAsTheRequestNamesIt(String body, String field) {
        assertRefused(body, field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999d", "367d", "PT99999999999999999S", "8785h"})
    void aDelayIsBounded(String delay) {
        JsonNode error = assertRefused("{\"prompt\":\"x\",\"delay\":\"" + delay + "\"}", "delay");

        assertThat(error.get("detail").textValue()).endsWith("expected at most 366 days");
    }

    @Test
    void aDelayOfAYearIsTaken() {
        assertThat(fixture.post("/api/tasks", "{\"prompt\":\"x\",\"delay\":\"365d\"}")
                        .statusCode())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=%zz", "limit=%", "limit=%f", "state=%ff", "%zz=1", "before=%c3"})
    void aQueryThatIsNotPercentEncodedIsRefused(String query) {
        assertThat(raw("GET /api/tasks?" + query)).startsWith("HTTP/1.1 400 ").doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Content-Length: 5; Content-Length: 6 | 400
            Content-Length: 5; Transfer-Encoding: chunked | 400
            Content-Length: -5 | 400
            Content-Length: 99999999999999999999 | 400
            Transfer-Encoding: gzip | 400
            Expect: nothing known; Content-Length: 2 | 417
            """)
    void bodiesWithoutAClearLengthAreRefused(String headers, int status) {
        List<String> all = new ArrayList<>(List.of("Content-Type: application/json"));
        all.addAll(List.of(headers.split("; ")));

        assertThat(raw("POST /api/tasks", all.toArray(String[]::new))).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void aHeaderThatIsTooLargeIsRefusedInWords() {
        assertThat(raw("GET /api/status", "X-Big: " + "x".repeat(9_000)))
                .startsWith("HTTP/1.1 431 ")
                .contains("the header is too large");
        assertThat(raw("GET /" + "x".repeat(9_000))).startsWith("HTTP/1.1 414 ").contains("the address is too long");
    }
}
