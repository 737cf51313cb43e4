package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What numbers of a few characters that stand for many digits cost: what any thread of this process allocates is counted. */
final class ServerNumberTest {

    /** Far more than a request needs, and far less than the digits of the smallest of these numbers. */
    private static final long MOST_BYTES = 8 << 20;

    private static final List<String> NUMBERS = List.of(
            "1e999999999",
            "-1e999999999",
            "1E+2147483647",
            "1e-999999999",
            "1e-2147483647",
            "1e99999999999999999999",
            "0e999999999",
            "0.0e-999999999",
            "1.5e100000000",
            "1e100000000",
            "1e9999999",
            "-1.0E-9999999",
            "123456789e99999999");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static ServerFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
        // The first requests load classes, which the measurements should not count.
        send("{\"prompt\":\"hello\",\"delay\":\"1h\",\"temperature\":1e0,\"maxAttempts\":1e0,\"maxOutputTokens\":1e0}");
        send("{\"prompt\":\"hello\",\"maxAttempts\":1e999}");
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\":\"hello\",\"maxAttempts\":%s}",
                "{\"prompt\":\"hello\",\"maxOutputTokens\":%s}",
                "{\"prompt\":\"hello\",\"temperature\":%s}",
                "{\"prompt\":\"hello\",\"priority\":%s}",
                "{\"prompt\":\"hello\",\"timeout\":%s}",
                "{\"prompt\":\"hello\",\"delay\":%s}",
                "{\"prompt\":\"hello\",\"tags\":{\"a\":%s}}",
                "{\"prompt\":%s}",
                "{\"prompt\":\"hello\",\"unknown\":%s}",
                "{\"prompt\":\"hello\",\"options\":{\"claude.x\":%s}}",
                "{\"prompt\":\"hello\",\"stopSequences\":[%s]}",
                "{\"prompt\":\"hello\",\"outputSchema\":{\"name\":\"a\",\"schema\":{\"minimum\":%s}}}",
                "{\"prompt\":\"hello\",\"tools\":[{\"name\":\"a\",\"inputSchema\":{\"minimum\":%s}}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":%s}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":%s}]}]}",
                "{\"type\":\"prompt\",\"payload\":\"{\\\"prompt\\\":\\\"x\\\",\\\"maxOutputTokens\\\":%s}\"}",
                "{\"type\":\"prompt\",\"payload\":\"x\",\"attributes\":{\"a\":%s}}",
                "{\"tasks\":%s}",
                "{\"tasks\":[%s]}",
                "{\"tasks\":[{\"prompt\":\"hello\",\"maxAttempts\":%s}]}",
                "{\"token\":%s}",
                "[%s]",
                "%s"
            })
    void aNumberOfManyDigitsInABodyIsRefusedBeforeItIsExpanded(String body) {
        for (String number : NUMBERS) {
            String sent = body.replace("%s", number);
            long before = allocated();

            HttpResponse<String> answer = send(sent);

            assertThat(allocated() - before).as("bytes allocated for %s", sent).isLessThan(MOST_BYTES);
            assertThat(answer.statusCode()).as(sent).isBetween(200, 499);
            assertThat(answer.body()).as(sent).hasSizeLessThan(2_000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks?limit=",
                "/api/tasks?before=",
                "/api/tasks/",
                "/api/activity?before=",
                "/api/activity?limit=",
                "/api/llm-metrics/summary?period="
            })
    void aNumberOfManyDigitsInAnAddressIsRefusedBeforeItIsExpanded(String path) {
        fixture.get(path + "1");
        for (String number : NUMBERS) {
            long before = allocated();

            HttpResponse<String> answer = fixture.get(path + number.replace("+", "%2B"));

            assertThat(allocated() - before).as(path + number).isLessThan(MOST_BYTES);
            assertThat(answer.statusCode()).as(path + number).isBetween(400, 404);
        }
    }

    /** A reader that writes each number with all its digits would answer with a thousand times of what was sent. */
    @Test
    void aSchemaIsShownAsItWasSent() {
        String schema = "{\"enum\":[" + "1e999,".repeat(2_000) + "1e-999]}";
        HttpResponse<String> accepted = send("{\"prompt\":\"hello\",\"delay\":\"1h\",\"tools\":[{\"name\":\"a\","
                + "\"inputSchema\":" + schema + "}]}");
        assertThat(accepted.statusCode()).isEqualTo(201);
        String path = fixture.json(accepted).get("location").textValue();
        fixture.get(path);
        long before = allocated();

        HttpResponse<String> shown = fixture.get(path);

        assertThat(shown.body())
                .contains("\"inputSchema\":{\"enum\":[1E+999,1E+999,")
                .hasSizeLessThan(50_000);
        assertThat(allocated() - before).isLessThan(MOST_BYTES);
    }

    private static HttpResponse<String> send(String body) {
        return fixture.post("/api/tasks", body);
    }

    private static long allocated() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
