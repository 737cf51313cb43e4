package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.Quality;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.prompt.PromptTasks;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code POST /api/tasks} accepts, and the errors for everything else. */
final class ServerSubmitTest {

    private static final String SECRET_PROMPT = "my private prompt";

    private final ServerFixture fixture = new ServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void acceptsAPromptAndReturnsItsLocation() {
        HttpResponse<String> answer = fixture.post("/api/tasks", "{\"prompt\":\"hello\"}");

        assertThat(answer.statusCode()).isEqualTo(201);
        String id = fixture.json(answer).get("id").textValue();
        assertThat(answer.headers().firstValue("Location")).contains("/api/tasks/" + id);
        assertThat(fixture.await(TaskId.parse(id)).output()).contains("HELLO");
    }

    @Test
    void acceptsATaskThatWaitsForOthers() {
        String parent = fixture.json(fixture.post("/api/tasks", "{\"prompt\":\"hello\",\"delay\":\"1h\"}"))
                .get("id")
                .textValue();

        String child = fixture.json(fixture.post(
                        "/api/tasks",
                        "{\"prompt\":\"p\",\"parents\":[{\"task\":\"" + parent + "\",\"onFailure\":\"cancel\"}]}"))
                .get("id")
                .textValue();

        JsonNode shown = fixture.getJson("/api/tasks/" + child);
        assertThat(shown.at("/task/state").textValue()).isEqualTo("blocked");
        assertThat(shown.get("parents"))
                .hasToString("[{\"id\":\"" + parent
                        + "\",\"state\":\"scheduled\",\"onFailure\":\"cancel\",\"released\":false}]");
        assertThat(fixture.getJson("/api/tasks/" + parent).at("/children/0/id").textValue())
                .isEqualTo(child);
        HttpResponse<String> unknown =
                fixture.post("/api/tasks", "{\"prompt\":\"p\",\"parents\":[{\"task\":\"" + new TaskId(7) + "\"}]}");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.place(fixture.json(unknown))).isEqualTo("parents");
        assertThat(fixture.json(unknown).at("/detail").textValue())
                .isEqualTo("parents has the task " + new TaskId(7) + ", expected a task that the store has");
    }

    @Test
    void keepsEverySetting() {
        String body = "{\"prompt\":\"hello\",\"priority\":\"high\",\"project\":\"web\",\"timeout\":\"90s\","
                + "\"maxAttempts\":2,\"delay\":\"1h\",\"system\":\"be brief\",\"quality\":\"standard\","
                + "\"needs\":[\"web-search\",\"streaming\"],\"model\":\"claude/claude-sonnet\","
                + "\"maxOutputTokens\":300,\"temperature\":0.50}";

        TaskId id = TaskId.parse(
                fixture.json(fixture.post("/api/tasks", body)).get("id").textValue());

        Task task = fixture.architect.tasks().find(id).orElseThrow();
        assertThat(task.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(task.request().priority().level()).isEqualTo(2);
        assertThat(task.request().attribution().project().name()).isEqualTo("web");
        assertThat(task.request().timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(task.request().maxAttempts()).isEqualTo(2);
        assertThat(task.request().delay()).isEqualTo(Duration.ofHours(1));
        ChatRequest request = PromptTasks.requestOf(task.request());
        assertThat(request.system()).contains("be brief");
        assertThat(request.selection().quality()).isEqualTo(Quality.STANDARD);
        assertThat(request.selection().needs()).containsExactlyInAnyOrder(Capability.WEB_SEARCH, Capability.STREAMING);
        assertThat(request.selection().model()).contains(ModelId.parse("claude/claude-sonnet"));
        assertThat(request.generation().maxOutputTokens()).contains(300);
        assertThat(request.generation().temperature()).contains(0.5);
    }

    @Test
    void refusesWhatNoModelCouldEverAnswer() {
        String bad = "{\"prompt\":\"hello\",\"model\":\"ollama/llama3.0\"}";

        HttpResponse<String> one = fixture.post("/api/tasks", bad);
        HttpResponse<String> batch = fixture.post("/api/tasks", "{\"tasks\":[{\"prompt\":\"hello\"}," + bad + "]}");

        assertThat(one.statusCode()).isEqualTo(400);
        JsonNode error = fixture.json(one);
        assertThat(error.get("code").textValue()).isEqualTo("invalid-value");
        assertThat(ServerFixture.place(error)).isEqualTo("model");
        assertThat(error.get("detail").textValue())
                .isEqualTo("model is 'ollama/llama3.0', did you mean 'ollama/llama3.1'?");
        assertThat(batch.statusCode()).isEqualTo(400);
        assertThat(ServerFixture.place(fixture.json(batch))).isEqualTo("tasks[1].model");
        assertThat(fixture.json(batch).at("/detail").textValue())
                .isEqualTo("tasks[1].model is 'ollama/llama3.0', did you mean 'ollama/llama3.1'?");
        assertThat(fixture.architect.tasks().list(TaskQuery.newest(10))).isEmpty();
    }

    @Test
    void keepsTurnsToolsSchemaAndOptions() {
        String body = """
                {"messages": [
                   {"role": "user", "content": "What is the weather?"},
                   {"role": "assistant", "content": [
                      {"type": "tool-call", "id": "c1", "name": "weather", "arguments": "{\\"city\\":\\"Rome\\"}"}]},
                   {"role": "user", "content": [
                      {"type": "tool-result", "callId": "c1", "name": "weather", "text": "21 degrees"},
                      {"type": "text", "text": "Compare it with this map."},
                      {"type": "image", "mediaType": "image/png", "data": "iVBORw0KGgo="},
                      {"type": "document", "name": "a.pdf", "url": "https://example.com/a.pdf"}]}],
                 "tools": [{"name": "weather", "description": "Looks up the weather", "inputSchema": {"type": "object"}}],
                 "toolChoice": {"name": "weather"}, "parallelToolCalls": false,
                 "outputSchema": {"name": "report", "schema": {"type": "object", "properties": {}}},
                 "effort": "very-high", "stopSequences": ["END"], "options": {"claude.service_tier": "auto"},
                 "user": "reader-7", "tags": {"team": "maps"}, "delay": "1h"}""";

        TaskId id = TaskId.parse(
                fixture.json(fixture.post("/api/tasks", body)).get("id").textValue());

        Task task = fixture.architect.tasks().find(id).orElseThrow();
        Part.ToolCall call = Part.ToolCall.of("c1", "weather", "{\"city\":\"Rome\"}");
        assertThat(PromptTasks.requestOf(task.request()))
                .isEqualTo(ChatRequest.builder(Message.user(
                                Part.ToolResult.of(call, "21 degrees"),
                                new Part.Text("Compare it with this map."),
                                new Part.Image(new Media.Inline("image/png", "iVBORw0KGgo=")),
                                new Part.Document(
                                        new Media.Link(URI.create("https://example.com/a.pdf"), Optional.empty()),
                                        "a.pdf")))
                        .earlier(Message.user("What is the weather?"))
                        .earlier(new Message(Role.ASSISTANT, List.of(call)))
                        .tools(new Tool("weather", "Looks up the weather", "{\"type\":\"object\"}"))
                        .toolChoice(ToolChoice.named("weather").oneAtATime())
                        .outputSchema(new OutputSchema("report", "{\"type\":\"object\",\"properties\":{}}"))
                        .effort(ReasoningEffort.VERY_HIGH)
                        .stopSequences(List.of("END"))
                        .option("claude.service_tier", "auto")
                        .build());
        assertThat(task.request().attribution().user()).contains("reader-7");
        assertThat(task.request().attribution().tags()).containsExactly(Map.entry("team", "maps"));
    }

    @Test
    void acceptsDeeplyNestedSchemas() {
        String schema = "{\"items\":".repeat(50) + "{}" + "}".repeat(50);
        String body = "{\"tools\":[{\"name\":\"deep\",\"inputSchema\":" + schema + "}],\"prompt\":\"hello\"}";

        JsonNode accepted = fixture.json(fixture.post("/api/tasks", "{\"tasks\":[" + body + "]}"));

        TaskId id = TaskId.parse(accepted.at("/tasks/0/id").textValue());
        ChatRequest request = PromptTasks.requestOf(
                fixture.architect.tasks().find(id).orElseThrow().request());
        assertThat(request.toolset().tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.inputSchema()).isEqualTo(schema));
        assertThat(fixture.getJson("/api/tasks/" + id)
                        .at("/task/request/tools/0/inputSchema/items")
                        .isObject())
                .isTrue();
    }

    @Test
    void acceptsATypeWithAPayload() {
        HttpResponse<String> answer = fixture.post(
                "/api/tasks",
                "{\"type\":\"prompt\",\"payload\":\"{\\\"prompt\\\":\\\"hello\\\",\\\"quality\\\":\\\"basic\\\"}\",\"priority\":9}");

        TaskId id = TaskId.parse(fixture.json(answer).get("id").textValue());
        assertThat(fixture.await(id).output()).contains("HELLO");
        assertThat(fixture.architect
                        .tasks()
                        .find(id)
                        .orElseThrow()
                        .request()
                        .priority()
                        .level())
                .isEqualTo(9);
    }

    @Test
    void acceptsAThousandAtOnce() {
        String tasks = IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"prompt\":\"task " + i + "\"}")
                .collect(Collectors.joining(","));

        HttpResponse<String> answer = fixture.post("/api/tasks", "{\"tasks\":[" + tasks + "]}");

        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode accepted = fixture.json(answer).get("tasks");
        assertThat(accepted).hasSize(1_000);
        assertThat(fixture.await(TaskId.parse(accepted.get(999).get("id").textValue()))
                        .output())
                .contains("TASK 999");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"promt":"%s"} | promt | did you mean 'prompt'?
            {"prompt":"%s","prioritee":1} | prioritee | did you mean 'priority'?
            {"prompt":"%s","max_attempts":1} | max_attempts | did you mean 'maxAttempts'?
            {"prompt":"%s","tasks":[{"promt":"x"}]} | prompt | is unknown, expected one of [tasks]
            {"tasks":[{"prompt":"%s"},{"prompt":"x","modell":"a/b"}]} | tasks[1].modell | did you mean 'tasks[1].model'?
            """)
    void namesAnUnknownFieldAndTheProbableOne(String body, String field, String expectation) {
        HttpResponse<String> answer = fixture.post("/api/tasks", body.formatted(SECRET_PROMPT));

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = fixture.json(answer);
        assertThat(error.get("code").textValue()).isEqualTo("unknown-field");
        assertThat(ServerFixture.place(error)).isEqualTo(field);
        assertThat(error.get("detail").textValue()).contains(field, expectation);
        assertNothingSubmitted(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {} | prompt | prompt is missing, expected text, or a type with a payload
            {"prompt":null} | prompt | prompt is missing
            {"prompt":7} | prompt | prompt is the number 7, expected text
            {"prompt":["%s"]} | prompt | prompt is a list, expected text
            {"prompt":""} | prompt | prompt is blank, expected text
            {"prompt":"%s","priority":12} | priority | priority is 12, expected 0..9
            {"prompt":"%s","priority":-1} | priority | priority is -1, expected 0..9
            {"prompt":"%s","priority":1.5} | priority | priority is the number 1.5, expected
            {"prompt":"%s","priority":"soon"} | priority | priority is 'soon', expected 0..9 or one of
            {"prompt":"%s","project":"My Project"} | project | project is 'My Project', expected 1 to 63 lower-case
            {"prompt":"%s","timeout":90} | timeout | timeout is the number 90, expected text
            {"prompt":"%s","timeout":"soon"} | timeout | timeout is 'soon', expected a duration such as
            {"prompt":"%s","timeout":"0s"} | timeout | timeout is PT0S, expected more than zero
            {"prompt":"%s","timeout":"2d"} | timeout | timeout is PT48H, expected at most one day
            {"prompt":"%s","delay":"-PT1S"} | delay | delay is PT-1S, expected zero or more
            {"prompt":"%s","maxAttempts":0} | maxAttempts | maxAttempts is 0, expected 1..20
            {"prompt":"%s","maxAttempts":"two"} | maxAttempts | maxAttempts is text, expected a whole number
            {"prompt":"%s","maxAttempts":99999999999} | maxAttempts | maxAttempts is the number 99999999999, expected
            {"prompt":"%s","quality":"best"} | quality | quality is 'best', expected one of auto, basic, standard, high
            {"prompt":"%s","needs":"streaming"} | needs | needs is text, expected a list of texts
            {"prompt":"%s","needs":["flying"]} | needs | needs is 'flying', expected one of streaming, system-text
            {"prompt":"%s","needs":[1]} | needs[0] | needs[0] is the number 1, expected text
            {"prompt":"%s","model":"claude"} | model | model is 'claude', expected provider/model
            {"prompt":"%s","maxOutputTokens":0} | maxOutputTokens | maxOutputTokens is 0, expected 1 or more
            {"prompt":"%s","temperature":3} | temperature | temperature is 3, expected 0.0..2.0
            {"prompt":"%s","temperature":true} | temperature | temperature is true, expected a number
            {"prompt":"%s","system":{}} | system | system is an object, expected text
            {"prompt":"%s","payload":"x"} | payload | payload is given, expected none beside a prompt
            {"prompt":"%s","type":"mail"} | type | type is 'mail' beside a prompt
            {"type":"mail","payload":"%s"} | type | type is 'mail', expected one of [prompt]
            {"type":"mail","quality":"high"} | quality | quality is given, expected it beside a prompt only
            {"type":"prompt","payload":"%s","attributes":{"x":1}} | attributes.x | attributes.x is the number 1, expected text
            {"type":"prompt","payload":"%s","attributes":[]} | attributes | attributes is a list, expected an object
            {"tasks":[]} | tasks | tasks has 0 elements, expected 1..1000
            {"tasks":"%s"} | tasks | tasks is text, expected a list of objects
            {"tasks":["%s"]} | tasks[0] | tasks[0] is text, expected an object
            {"tasks":[{"prompt":"%s"},{"prompt":"%s","priority":10}]} | tasks[1].priority | tasks[1].priority is 10, expected 0..9
            """)
    void namesTheFieldTheValueAndTheExpectation(String body, String field, String message) {
        HttpResponse<String> answer = fixture.post("/api/tasks", body.replace("%s", SECRET_PROMPT));

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = fixture.json(answer);
        assertThat(error.get("detail").textValue()).startsWith(message);
        assertThat(ServerFixture.place(error)).isEqualTo(field);
        assertThat(error.get("code").textValue()).isEqualTo("invalid-value");
        assertNothingSubmitted(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "my private prompt",
                "{\"prompt\":\"my private prompt\"",
                "{\"prompt\":\"my private prompt\"} x",
                "{\"prompt\":\"my private prompt\",\"prompt\":\"my private prompt\"}",
                "[\"my private prompt\"]",
                "\"my private prompt\"",
                "{'prompt':'my private prompt'}",
                "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"
            })
    void rejectsABodyThatIsNoObject(String body) {
        HttpResponse<String> answer = fixture.post("/api/tasks", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(fixture.json(answer).at("/code").textValue()).isEqualTo("invalid-json");
        assertNothingSubmitted(answer);
    }

    @Test
    void rejectsMoreThanAThousandAtOnce() {
        String tasks =
                IntStream.range(0, 1_001).mapToObj(i -> "{\"prompt\":\"x\"}").collect(Collectors.joining(","));

        HttpResponse<String> answer = fixture.post("/api/tasks", "{\"tasks\":[" + tasks + "]}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("tasks has 1001 elements, expected 1..1000");
        assertNothingSubmitted(answer);
    }

    @Test
    void rejectsABodyOverTwoMegabytesWithAndWithoutALength() {
        byte[] large = ("{\"prompt\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}").getBytes(StandardCharsets.UTF_8);
        List<HttpRequest.BodyPublisher> bodies = List.of(
                HttpRequest.BodyPublishers.ofByteArray(large),
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));
        for (HttpRequest.BodyPublisher body : bodies) {
            HttpResponse<String> answer = fixture.send(fixture.request("/api/tasks")
                    .header("Content-Type", "application/json")
                    .POST(body));

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(fixture.json(answer).at("/code").textValue()).isEqualTo("body-too-large");
            assertNothingSubmitted(answer);
        }
    }

    @Test
    void rejectsAPromptOverAMillionCharacters() {
        HttpResponse<String> answer = fixture.post("/api/tasks", "{\"prompt\":\"" + "x".repeat(1_000_001) + "\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("characters as JSON, expected at most 1000000");
        assertNothingSubmitted(answer);
    }

    @Test
    void acceptsJsonOnly() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "application/jsonx")) {
            HttpResponse<String> answer = fixture.send(fixture.request("/api/tasks")
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\"}")));

            assertThat(answer.statusCode()).as(type).isEqualTo(415);
            assertNothingSubmitted(answer);
        }
    }

    private void assertNothingSubmitted(HttpResponse<String> answer) {
        assertThat(answer.body()).doesNotContain(SECRET_PROMPT, "Exception", "\tat ");
        assertThat(fixture.architect.tasks().counts()).isEmpty();
    }
}
