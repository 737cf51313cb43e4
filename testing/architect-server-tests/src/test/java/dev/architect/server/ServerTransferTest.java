package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Projects that come and go as files over HTTP. */
final class ServerTransferTest {

    private static final String ISSUES = "[{\"number\":5,\"title\":\"One\",\"state\":\"open\",\"labels\":[\"p1\"]}]";

    private ServerFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ServerFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> send(String path, String from, byte[] content, String more) {
        return fixture.post(
                "/api/projects/import" + path,
                "{\"from\":\"" + from + "\",\"content\":\""
                        + Base64.getEncoder().encodeToString(content) + "\"" + more + "}");
    }

    private HttpResponse<String> github(String path, String content) {
        return send(
                path,
                "github",
                content.getBytes(StandardCharsets.UTF_8),
                ",\"into\":\"shop\",\"prefix\":\"SHOP\",\"priorities\":{\"p1\":\"1\"}");
    }

    @Test
    void previewsImportsAndExports() {
        HttpResponse<String> preview = github("/preview", ISSUES);
        assertThat(preview.statusCode()).as(preview.body()).isEqualTo(200);
        JsonNode planned = fixture.json(preview).get("projects").get(0);
        assertThat(planned.get("items").get("added").intValue()).isEqualTo(1);
        assertThat(fixture.getJson("/api/projects").get("items")).isEmpty();

        JsonNode done = fixture.json(github("", ISSUES)).get("projects").get(0);
        JsonNode again = fixture.json(github("", ISSUES)).get("projects").get(0);

        assertThat(done).isEqualTo(planned);
        assertThat(again.get("changes").booleanValue()).isFalse();
        JsonNode item = fixture.getJson("/api/items/SHOP-5");
        assertThat(item.get("priority").intValue()).isEqualTo(1);
        assertThat(item.get("origin").textValue()).isEqualTo("github:#5");
        HttpResponse<String> csv = fixture.get("/api/projects/shop/export?to=csv");
        assertThat(csv.body()).contains("SHOP-5,feature,One,");
        assertThat(csv.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"shop.csv\"");
        assertThat(fixture.get("/api/projects/shop/export").body()).startsWith("PK");
        assertThat(fixture.get("/api/projects/shop/export?to=pdf").statusCode()).isEqualTo(400);
        assertThat(fixture.get("/api/projects/none/export?to=csv").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWithThePlaceAndStoresNothing() throws IOException {
        HttpResponse<String> state = github("", "[{\"number\":5,\"title\":\"One\",\"state\":\"merged\"}]");
        assertThat(state.statusCode()).isEqualTo(400);
        assertThat(fixture.json(state).get("detail").textValue())
                .contains("/0: state is 'merged', expected open or closed");
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("../issues.csv"));
            out.closeEntry();
        }
        assertThat(send("", "vibe-kanban", zip.toByteArray(), "").body()).contains("name is '../issues.csv'");
        assertThat(send("", "vibe-kanban", "SQLite format 3\0".getBytes(StandardCharsets.UTF_8), "")
                        .body())
                .contains("gaia project import");
        assertThat(send("", "github", ISSUES.getBytes(StandardCharsets.UTF_8), ",\"stages\":{\"QA\":\"soon\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(fixture.post("/api/projects/import", "{\"from\":\"github\",\"content\":\"%%%\"}")
                        .body())
                .contains("base 64");
        assertThat(fixture.getJson("/api/projects").get("items")).isEmpty();
    }

    @Test
    void takesFilesThatAreLargerThanOtherBodies() {
        StringBuilder issues = new StringBuilder("[");
        for (int i = 1; i <= 40; i++) {
            issues.append(i == 1 ? "" : ",")
                    .append("{\"number\":")
                    .append(i)
                    .append(",\"title\":\"One\",\"state\":\"open\",\"body\":\"")
                    .append("x".repeat(90_000))
                    .append("\"}");
        }

        HttpResponse<String> done = github("", issues.append("]").toString());

        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        assertThat(fixture.json(done)
                        .get("projects")
                        .get(0)
                        .get("items")
                        .get("added")
                        .intValue())
                .isEqualTo(40);
    }
}
