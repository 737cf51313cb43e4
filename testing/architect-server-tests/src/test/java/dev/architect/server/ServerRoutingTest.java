package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.access.AgentToken;
import dev.architect.access.SecretDigest;
import dev.architect.cost.LedgerEntry;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls with their routes, policy, models, prices and exports over HTTP. */
final class ServerRoutingTest {

    private static final String POLICY =
            "baseline: claude/a\\nmodels: [{model: claude/a, quality: 90, contextTokens: 1000}]";
    private static final String MODEL = "/api/models/claude/claude-haiku-4-5";
    private static final String PRICE =
            "{'provider':'claude','model':'claude-haiku-4-5','validFrom':'2026-11-01T00:00:00Z',"
                    + "'usdPerMillionTokens':{'input':0.5},'source':'a contract','checked':'2026-11-02'}";

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private HttpResponse<String> change(String method, String path, String version, String body) {
        HttpRequest.Builder request = fixture.request(path).header("Content-Type", "application/json");
        if (!version.isEmpty()) {
            request.header("If-Match", "\"" + version + "\"");
        }
        return fixture.send(request.method(
                method,
                body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private HttpResponse<String> post(String path, String body) {
        return fixture.post(path, body.replace('\'', '"'));
    }

    private JsonNode done(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body().isEmpty() ? fixture.json(fixture.get("/health")) : fixture.json(answer);
    }

    private JsonNode refused(HttpResponse<String> answer, int status, String code) {
        JsonNode problem = done(answer, status);
        assertThat(problem.get("code").textValue()).as(answer.body()).isEqualTo(code);
        return problem;
    }

    @Test
    void aCallIsFoundByItsIdAndByThatOfItsRequest() {
        TaskId task = fixture.submit("fail over");
        fixture.await(task);
        List<LedgerEntry> calls = fixture.architect.ledger().ofTask(task);
        LedgerEntry answered = calls.get(1);
        String request = answered.origin().requestId();

        JsonNode byCall = fixture.getJson("/api/calls/" + answered.callId());
        JsonNode byRequest = fixture.getJson("/api/calls/" + request);

        assertThat(byCall.at("/call/callId").textValue()).isEqualTo(answered.callId());
        assertThat(byCall.get("task").textValue()).isEqualTo(task.toString());
        assertThat(byCall.at("/request/id").textValue()).isEqualTo(request);
        assertThat(byCall.at("/request/calls").findValuesAsText("callId"))
                .containsExactlyElementsOf(
                        calls.stream().map(LedgerEntry::callId).toList());
        assertThat(byCall.at("/request/costUsd").decimalValue()).isEqualByComparingTo("0.006");
        assertThat(byCall.get("decision").isNull()).isTrue();
        assertThat(byRequest).isEqualTo(byCall);
        refused(fixture.get("/api/calls/none"), 404, "not-found");
        refused(fixture.get("/api/routes/none"), 404, "not-found");
    }

    @Test
    void aPolicyIsReadPutIntoForceAndRestored() {
        JsonNode own = fixture.getJson("/api/policy");
        assertThat(own.get("source").textValue()).isEqualTo("standard");
        assertThat(RoutingPolicy.parse(own.get("text").textValue())).isEqualTo(RoutingPolicy.standard());
        assertThat(fixture.get("/api/policy").headers().firstValue("ETag")).contains("\"0\"");

        HttpResponse<String> put = change("PUT", "/api/policy", "0", "{'text':'" + POLICY + "','remark':'cheaper'}");
        JsonNode stored = done(put, 200);

        assertThat(put.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(stored.get("source").textValue()).isEqualTo("stored");
        assertThat(stored.get("by").textValue()).isEqualTo("operator");
        assertThat(stored.get("remark").textValue()).isEqualTo("cheaper");
        assertThat(stored.get("policy").textValue())
                .isNotEqualTo(own.get("policy").textValue());
        assertThat(stored.get("refused").isNull()).isTrue();
        JsonNode stale = refused(change("PUT", "/api/policy", "0", "{'text':null}"), 412, "stale-version");
        assertThat(stale.at("/current/version").intValue()).isOne();
        assertThat(stale.get("changed").get(0).textValue()).isEqualTo("text");

        JsonNode reloaded = done(post("/api/policy/reload", ""), 200);
        assertThat(reloaded.get("version").intValue()).isEqualTo(2);
        assertThat(reloaded.get("policy")).isEqualTo(own.get("policy"));
        JsonNode versions = fixture.getJson("/api/policy/versions").get("versions");
        assertThat(versions.findValuesAsText("version")).containsExactly("2", "1");
        assertThat(versions.get(0).get("current").booleanValue()).isTrue();
        assertThat(fixture.getJson("/api/policy/versions/1").get("text").textValue())
                .isEqualTo(POLICY.replace("\\n", "\n"));
        JsonNode restored = done(post("/api/policy/versions/1/restore", ""), 200);
        assertThat(restored.get("version").intValue()).isEqualTo(3);
        assertThat(restored.get("policy")).isEqualTo(stored.get("policy"));
        refused(post("/api/policy/versions/9/restore", ""), 404, "not-found");
        JsonNode taken = done(change("PUT", "/api/policy", "3", "{'text':null}"), 200);
        assertThat(taken.get("source").textValue()).isEqualTo("standard");
    }

    @Test
    void aPolicyThatIsWrongIsExplainedByLineAndColumn() {
        String wrong =
                "{'text':'baseline: claude/a\\nmodels:\\n  - {model: claude/a, quality: 120, contextTokens: 1}'}";

        JsonNode verdict = done(post("/api/policy/check", wrong), 200);
        JsonNode problem = refused(change("PUT", "/api/policy", "0", wrong), 400, "invalid-value");

        assertThat(verdict.get("valid").booleanValue()).isFalse();
        assertThat(verdict.at("/problems/0/line").intValue()).isEqualTo(3);
        assertThat(verdict.at("/problems/0/field").textValue()).isEqualTo("models[0].quality");
        assertThat(problem.at("/errors/0/line").intValue()).isEqualTo(3);
        assertThat(problem.at("/errors/0/column").intValue()).isPositive();
        assertThat(problem.at("/errors/0/pointer").textValue()).isEqualTo("/text");
        assertThat(fixture.getJson("/api/policy").get("version").intValue()).isZero();
        assertThat(done(post("/api/policy/check", "{'text':'" + POLICY + "'}"), 200)
                        .get("valid")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void modelsAndProvidersAreSwitchedOffAndOnAgain() {
        assertThat(fixture.getJson(MODEL).get("enabled").booleanValue()).isTrue();

        JsonNode off = done(change("PATCH", MODEL, "0", "{'enabled':false,'maxConcurrent':3}"), 200);

        assertThat(off.get("enabled").booleanValue()).isFalse();
        assertThat(off.get("maxConcurrent").intValue()).isEqualTo(3);
        assertThat(off.at("/setting/by").textValue()).isEqualTo("operator");
        assertThat(fixture.getJson("/api/models").get("models"))
                .filteredOn(model -> model.get("model").textValue().equals("claude-haiku-4-5"))
                .singleElement()
                .satisfies(
                        model -> assertThat(model.get("enabled").booleanValue()).isFalse());
        refused(change("PATCH", MODEL, "0", "{'enabled':true}"), 412, "stale-version");
        JsonNode on = done(change("PATCH", MODEL, "1", "{'enabled':null}"), 200);
        assertThat(on.get("enabled").booleanValue()).isTrue();
        assertThat(on.get("maxConcurrent").intValue()).isEqualTo(3);
        JsonNode provider = done(change("PATCH", "/api/providers/claude", "0", "{'enabled':false}"), 200);
        assertThat(provider.at("/setting/enabled").booleanValue()).isFalse();
        assertThat(fixture.getJson(MODEL).get("enabled").booleanValue()).isFalse();
        refused(change("PATCH", "/api/providers/none", "0", "{'enabled':false}"), 404, "not-found");
        JsonNode listed = done(post("/api/models/refresh", ""), 200);
        assertThat(listed.at("/providers/0/failure").textValue()).isEqualTo("unsupported");
    }

    @Test
    void pricesAreListedWithTheirTimesAndPutOnTop() {
        String list = "/api/prices?provider=claude&model=claude-haiku-4-5&at=2026-11-15T00:00:00Z&limit=500";
        JsonNode before = fixture.getJson(list);
        assertThat(before.get("prices")).isNotEmpty();
        assertThat(before.at("/source/failed").booleanValue()).isFalse();

        HttpResponse<String> created = post("/api/prices", PRICE);
        JsonNode price = done(created, 201);
        String path = created.headers().firstValue("Location").orElseThrow();

        JsonNode after = fixture.getJson(list);
        assertThat(after.get("catalogueVersion").textValue()).endsWith("+own-1");
        assertThat(after.get("prices"))
                .filteredOn(row -> !row.get("override").isNull())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get("override")).isEqualTo(price.get("id"));
                    assertThat(row.at("/rates/0/usd").decimalValue()).isEqualByComparingTo("0.5");
                    assertThat(row.at("/rates/0/units").intValue()).isEqualTo(1_000_000);
                    assertThat(row.get("validFrom").textValue()).isEqualTo("2026-11-01T00:00:00Z");
                });
        JsonNode earlier = fixture.getJson(list.replace("2026-11-15", "2026-10-15"));
        assertThat(earlier.get("prices")).noneMatch(row -> !row.get("override").isNull());
        refused(post("/api/prices", PRICE), 409, "not-possible");
        JsonNode saved = done(change("PUT", path, "1", PRICE.replace("0.5", "0.25")), 200);
        assertThat(saved.get("version").intValue()).isEqualTo(2);
        assertThat(saved.at("/entry/usdPerMillionTokens/input").decimalValue()).isEqualByComparingTo("0.25");
        JsonNode stale = refused(change("DELETE", path, "1", ""), 412, "stale-version");
        assertThat(stale.at("/current/version").intValue()).isEqualTo(2);
        assertThat(change("DELETE", path, "2", "").statusCode()).isEqualTo(204);
        refused(fixture.get(path), 404, "not-found");
        assertThat(fixture.getJson(list).get("prices")).isEqualTo(before.get("prices"));
        assertThat(done(post("/api/prices/refresh", ""), 200).get("changed").booleanValue())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'input':0.5 | 'input':-1 | usdPerMillionTokens.input",
                "'input':0.5 | 'inptu':1 | usdPerMillionTokens.inptu",
                "'input':0.5 | 'input':'1' | usdPerMillionTokens.input",
                "'input':0.5 | 'input':0.0000000000001 | usdPerMillionTokens.input",
                "'checked':'2026-11-02' | 'checked':'today' | checked",
                "'checked':'2026-11-02' | 'validTo':'2026-10-01T00:00:00Z' | validTo",
                "'provider':'claude' | 'provider':'a/b' | provider",
                "'source' | 'sourse' | sourse"
            })
    void aPriceThatIsWrongIsRefusedByItsField(String right, String wrong, String field) {
        JsonNode problem = done(post("/api/prices", PRICE.replace(right, wrong)), 400);

        assertThat(ServerFixture.place(problem)).as(problem.toString()).startsWith(field);
        assertThat(fixture.architect.routing().overrides()).isEmpty();
    }

    @Test
    void allPricesAreReadPageByPage() {
        int pages = 0;
        int rows = 0;
        String next = "";
        do {
            JsonNode page = fixture.getJson("/api/prices?limit=500" + (next.isEmpty() ? "" : "&cursor=" + next));
            rows += page.get("prices").size();
            next = page.get("next").asText("");
            pages++;
        } while (!next.equals("null") && !next.isEmpty());

        assertThat(rows)
                .isEqualTo(fixture.architect
                        .routing()
                        .router()
                        .prices()
                        .catalogue()
                        .prices()
                        .size());
        assertThat(pages).isEqualTo((rows + 499) / 500);
    }

    @Test
    void twoPriceFilesAreCompared() {
        String row = "{provider: claude, model: %s, usdPerMillionTokens: {input: %s}, source: s, checked: 2026-11-01}";
        String file = "version: %s\\nbase: none\\nprices: [%s, %s]";

        JsonNode differences = done(
                post(
                        "/api/prices/compare",
                        "{'from':'" + file.formatted("a", row.formatted("x", "1"), row.formatted("y", "1")) + "','to':'"
                                + file.formatted("b", row.formatted("y", "2"), row.formatted("z", "1")) + "'}"),
                200);

        assertThat(differences.get("fromVersion").textValue()).isEqualTo("a");
        assertThat(differences.get("addedCount").intValue()).isOne();
        assertThat(differences.at("/added/0/model").textValue()).isEqualTo("z");
        assertThat(differences.at("/removed/0/model").textValue()).isEqualTo("x");
        assertThat(differences.at("/changed/0/before/rates/0/usd").intValue()).isOne();
        assertThat(differences.at("/changed/0/after/rates/0/usd").intValue()).isEqualTo(2);
    }

    private JsonNode awaitEnd(String path) {
        JsonNode export = fixture.getJson(path);
        while (export.get("endedAt").isNull()) {
            Thread.onSpinWait();
            export = fixture.getJson(path);
        }
        return export;
    }

    @Test
    void anExportIsWrittenDownloadedAndDeleted() throws IOException, InterruptedException {
        fixture.await(fixture.submit("hello"));
        fixture.await(fixture.submit("fail over"));

        HttpResponse<String> accepted =
                post("/api/exports", "{'of':'calls','format':'jsonl','filter':'provider:claude created:-1h'}");
        JsonNode waiting = done(accepted, 202);
        String path = accepted.headers().firstValue("Location").orElseThrow();
        JsonNode export = awaitEnd(path);

        assertThat(waiting.get("state").textValue()).isEqualTo("waiting");
        assertThat(waiting.get("content").isNull()).isTrue();
        assertThat(export.get("state").textValue()).isEqualTo("done");
        assertThat(export.get("rows").intValue()).isOne();
        assertThat(export.get("total").intValue()).isOne();
        assertThat(export.get("filter").textValue()).isEqualTo("provider:claude");
        assertThat(export.get("by").textValue()).isEqualTo("operator");
        String content = export.get("content").textValue();
        HttpResponse<String> plain = fixture.get(content);
        assertThat(plain.body().lines())
                .singleElement()
                .satisfies(
                        line -> assertThat(line).contains("\"answeredModel\"").contains("claude-sonnet"));
        assertThat(plain.headers().firstValue("Content-Disposition").orElse(""))
                .contains("calls-" + export.get("id").textValue() + ".jsonl");
        HttpResponse<byte[]> zipped = fixture.client.send(
                fixture.request(content).header("Accept-Encoding", "br, gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain.body());
        }
        assertThat(fixture.getJson("/api/exports").get("exports")).containsExactly(export);
        assertThat(change("DELETE", path, "", "").statusCode()).isEqualTo(204);
        refused(fixture.get(path), 404, "not-found");
        refused(fixture.get(content), 404, "not-found");
    }

    @Test
    void onlyWhoMayReadAListMayExportIt() {
        fixture.await(fixture.submit("hello"));
        String path = post("/api/exports", "{'of':'calls'}")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        awaitEnd(path);
        Instant now = TimeSource.system().wallTime();
        String secret = AgentToken.PREFIX + SecretDigest.of("exporter");
        fixture.architect
                .access()
                .orElseThrow()
                .addToken(new AgentToken(
                        "exporter",
                        SecretDigest.of(secret),
                        "user:ada",
                        Set.of("exports:x", "tasks:r"),
                        Set.of(),
                        Optional.empty(),
                        new AgentToken.Life(now, now.plusSeconds(3600), Optional.empty())));

        assertThat(asAgent(secret, "POST", "/api/exports", "{\"of\":\"calls\"}").statusCode())
                .isEqualTo(403);
        assertThat(asAgent(secret, "POST", "/api/exports", "{\"of\":\"tasks\"}").statusCode())
                .isEqualTo(202);
        assertThat(asAgent(secret, "GET", path, "").statusCode()).isEqualTo(404);
        assertThat(asAgent(secret, "GET", path + "/content", "").statusCode()).isEqualTo(404);
        assertThat(asAgent(secret, "DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(fixture.json(asAgent(secret, "GET", "/api/exports", ""))
                        .get("exports")
                        .findValuesAsText("of"))
                .containsExactly("tasks");
    }

    private HttpResponse<String> asAgent(String secret, String method, String path, String body) {
        return fixture.send(fixture.anonymous(path)
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'of':'calls','filter':'cost:>1'} | unknown-filter",
                "{'of':'calls','filter':'provider:a,b'} | unknown-filter",
                "{'of':'tasks','filter':'label:a'} | unknown-filter",
                "{'of':'activity','filter':'kind:nothing'} | invalid-value",
                "{'of':'audit'} | invalid-value",
                "{'of':'calls','format':'xml'} | invalid-value",
                "{'of':'calls','zone':'Mars'} | invalid-value"
            })
    void anExportOfWhatThereIsNotIsRefused(String body, String code) {
        refused(post("/api/exports", body), 400, code);
        assertThat(fixture.architect.exports().list()).isEmpty();
    }
}
