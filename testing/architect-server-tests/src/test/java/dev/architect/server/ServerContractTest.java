package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.architect.server.ContractCases.Case;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls every operation that {@code /openapi.json} names, as it says, and in each way that it forbids: what is answered is what it says. A
 * new operation is covered without a change here, but for one that needs something to be there first ({@link ContractRequests}).
 */
final class ServerContractTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "Idempotency-Key";
    private static final String REPLAYED = "Idempotency-Replayed";

    private static ServerFixture fixture;
    private static ContractRequests requests;
    private static JsonNode document;
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** The schemas that were read; each reads all components of the document. */
    private static final Map<JsonNode, Schema> READ = new HashMap<>();

    @BeforeAll
    static void open() {
        fixture = new ServerFixture();
        requests = new ContractRequests(fixture);
        document = fixture.getJson("/openapi.json");
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    /** An operation of the document. */
    record Described(String method, String path, JsonNode json) {

        String id() {
            return json.get("operationId").textValue();
        }

        @Override
        public String toString() {
            return id();
        }
    }

    static Stream<Described> operations() {
        return document.get("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .map(each ->
                                new Described(each.getKey().toUpperCase(Locale.ROOT), path.getKey(), each.getValue())));
    }

    @Test
    void theDocumentIsValidAndNamesEveryRoute() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(document.toString(), null, options);

        assertThat(parsed.getMessages()).isEmpty();
        assertThat(document.get("openapi").textValue()).startsWith("3.1.");
        assertThat(operations().map(each -> each.method() + " " + each.path()))
                .containsExactlyInAnyOrderElementsOf(fixture.server.operations().stream()
                        .map(each -> each.method() + " " + each.path())
                        .toList());
        assertThat(operations().map(Described::id)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aRightRequestIsAnsweredAsDescribed(Described operation) {
        HttpResponse<String> answer = send(operation, requests.of(operation.id(), operation.path()));

        JsonNode described = operation.json().get("responses").get(Integer.toString(answer.statusCode()));
        assertThat(described)
                .as("status %d of %s", answer.statusCode(), answer.body())
                .isNotNull();
        // A WebSocket is asked for in another way, and a server with a user is set up already.
        if (!List.of("openLive", "createFirstUser").contains(operation.id())) {
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        }
        checkBody(described, answer);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyWrongRequestIsRefusedAsDescribedAndKeepsNothing(Described operation) {
        List<Case> wrong = new ContractCases(document, operation).all();
        for (Case each : wrong) {
            ContractRequests.Sent right = requests.of(operation.id(), operation.path());
            String before = requests.counts();

            HttpResponse<String> answer = send(operation, each.change().apply(right));

            JsonNode described = operation.json().get("responses").get(Integer.toString(answer.statusCode()));
            assertThat(answer.statusCode())
                    .as("%s: %s", each.name(), answer.body())
                    .isBetween(400, 499);
            assertThat(described)
                    .as("%s: status %d of %s", each.name(), answer.statusCode(), answer.body())
                    .isNotNull();
            checkBody(described, answer);
            if (described.at("/content/application~1problem+json").isObject()) {
                checkProblem(each, described, answer);
            }
            assertThat(requests.counts()).as(each.name()).isEqualTo(before);
        }
    }

    static Stream<Described> creations() {
        return operations()
                .filter(each -> StreamSupport.stream(
                                each.json().path("parameters").spliterator(), false)
                        .anyMatch(parameter -> parameter.get("name").textValue().equals(KEY)));
    }

    @ParameterizedTest
    @MethodSource("creations")
    void aRepeatedCreationCreatesNothingMoreAndIsAnsweredAsTheFirst(Described operation) {
        String key = "k-" + operation.id() + "-!\"~";
        ContractRequests.Sent right =
                requests.of(operation.id(), operation.path()).withHeader(KEY, key);

        HttpResponse<String> first = send(operation, right);
        long after = requests.taskCount();
        HttpResponse<String> again = send(operation, right);
        HttpResponse<String> other = send(
                operation,
                // The task engine compares what a request says and not how it is written.
                operation.id().equals("submitTasks")
                        ? right.withBody(String.valueOf(right.body()).replace("hello", "another"))
                        : right.withBody(right.body() + " "));

        assertThat(first.statusCode()).as(first.body()).isBetween(200, 299);
        assertThat(first.headers().firstValue(REPLAYED)).isEmpty();
        assertThat(again.statusCode()).as(again.body()).isEqualTo(first.statusCode());
        assertThat(again.headers().firstValue(REPLAYED)).contains("true");
        for (String header : new String[] {"Location", "ETag", "Content-Type"}) {
            assertThat(again.headers().firstValue(header))
                    .isEqualTo(first.headers().firstValue(header));
        }
        assertThat(fixture.json(again)).isEqualTo(withoutSecret(fixture.json(first)));
        assertThat(requests.taskCount()).isEqualTo(after);
        assertThat(other.statusCode()).as(other.body()).isEqualTo(422);
        assertThat(fixture.json(other).get("code").textValue()).isEqualTo("key-reused");
        assertThat(ServerFixture.place(fixture.json(other))).isEqualTo(KEY);
    }

    /** A secret is in the first answer and nowhere else. */
    private static JsonNode withoutSecret(JsonNode answer) {
        return answer instanceof ObjectNode object ? object.without("secret") : answer;
    }

    @Test
    void everyPostThatMakesSomethingTakesAKey() {
        List<String> without = operations()
                .filter(each -> each.method().equals("POST"))
                .filter(each -> each.json().get("responses").has("201"))
                .map(Described::id)
                .filter(id -> creations().noneMatch(each -> each.id().equals(id)))
                .toList();

        assertThat(without).isEqualTo(List.of());
    }

    private static void checkProblem(Case wrong, JsonNode described, HttpResponse<String> answer) {
        JsonNode problem = fixture.json(answer);
        assertThat(described.get("description").textValue())
                .as(wrong.name())
                .contains(problem.get("code").textValue());
        assertThat(problem.get("status").intValue()).isEqualTo(answer.statusCode());
        if (!wrong.place().isEmpty()) {
            assertThat(ServerFixture.place(problem))
                    .as("%s: %s", wrong.name(), answer.body())
                    .startsWith(wrong.place());
            assertThat(problem.get("detail").textValue()).as(wrong.name()).contains("expected");
        }
    }

    private static HttpResponse<String> send(Described operation, ContractRequests.Sent sent) {
        boolean isLogin = sent.headers().containsKey("Cookie");
        HttpRequest.Builder request = isLogin ? fixture.anonymous(sent.path()) : fixture.request(sent.path());
        sent.headers().forEach(request::header);
        request.method(
                operation.method(),
                sent.body() == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(sent.body()));
        return fixture.send(request);
    }

    private static void checkBody(JsonNode described, HttpResponse<String> answer) {
        Map.Entry<String, JsonNode> content =
                described.path("content").properties().stream().findFirst().orElse(null);
        if (content == null) {
            assertThat(answer.body()).isEmpty();
            return;
        }
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith(content.getKey().split(";", 2)[0]);
        JsonNode form = content.getValue().get("schema");
        if (form == null) {
            return;
        }
        JsonNode value = fixture.json(answer);
        List<Error> errors =
                READ.computeIfAbsent(form, ServerContractTest::schema).validate(value);
        assertThat(errors).as(answer.body()).isEmpty();
        List<String> undeclared = new ArrayList<>();
        findUndeclared(value, form, "", undeclared);
        assertThat(undeclared).isEmpty();
    }

    private static Schema schema(JsonNode form) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("components", document.get("components"));
        whole.putArray("allOf").add(form);
        return SCHEMAS.getSchema(whole);
    }

    /** Fields that the description does not name, though clients may not rely on their absence. */
    private static void findUndeclared(JsonNode value, JsonNode form, String place, List<String> found) {
        List<JsonNode> forms = alternatives(form);
        if (value.isObject()) {
            value.properties().forEach(field -> {
                List<JsonNode> fitting = forms.stream()
                        .flatMap(each -> Stream.of(
                                each.path("properties").path(field.getKey()), each.path("additionalProperties")))
                        .filter(JsonNode::isObject)
                        .toList();
                boolean isOpen = forms.stream().allMatch(each -> !each.has("properties") && !each.has("type"));
                if (fitting.isEmpty() && !isOpen) {
                    found.add(place + "/" + field.getKey());
                } else if (!fitting.isEmpty()) {
                    findUndeclared(field.getValue(), fitting.get(0), place + "/" + field.getKey(), found);
                }
            });
        } else if (value.isArray()) {
            for (JsonNode element : value) {
                forms.stream()
                        .filter(each -> each.has("items"))
                        .findFirst()
                        .ifPresent(each -> findUndeclared(element, each.get("items"), place + "[]", found));
            }
        }
    }

    /** The forms that a value may have, with references followed. */
    static List<JsonNode> alternatives(JsonNode form) {
        if (form.has("$ref")) {
            return alternatives(document.at(form.get("$ref").textValue().substring(1)));
        }
        if (form.has("anyOf")) {
            return StreamSupport.stream(form.get("anyOf").spliterator(), false)
                    .flatMap(each -> alternatives(each).stream())
                    .toList();
        }
        return List.of(form);
    }

    @Test
    void everyCodeIsExplained() {
        TreeSet<String> codes = new TreeSet<>();
        fixture.server.operations().stream()
                .filter(each -> each.ownErrors().isEmpty())
                .forEach(each -> each.problems().values().forEach(codes::addAll));

        assertThat(codes).isNotEmpty().allSatisfy(code -> {
            HttpResponse<String> page = fixture.send(fixture.anonymous("/problems/" + code));
            assertThat(page.statusCode()).as(code).isEqualTo(200);
            assertThat(page.body()).contains(code);
        });
        assertThat(fixture.send(fixture.anonymous("/problems/no-such-code")).statusCode())
                .isEqualTo(404);
    }
}
