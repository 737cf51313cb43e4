package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.chat.CacheLifetime;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.prompt.ChatRequestCodec;
import dev.architect.prompt.PromptTasks;
import dev.architect.runtime.AccessToken;
import dev.architect.runtime.ArchitectSetup;
import dev.architect.runtime.RuntimeConfiguration;
import dev.architect.server.RecordingProxy.RecordedRequest;
import dev.architect.simulator.ProviderSimulator;
import dev.architect.simulator.script.ModelStrength;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ProviderSettings;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A request that is sent directly, as a task, and as a task over REST reaches the provider as the same HTTP request: with
 * everything that the provider's adapter declares, through six real adapters to the simulator.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TaskRequestWireTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = ServerFixture.SECRET;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Everything that a chat request can need; the other capabilities belong to other calls. */
    private static final Set<Capability> OF_REQUESTS = Set.copyOf(EnumSet.complementOf(EnumSet.of(
            Capability.STREAMING,
            Capability.TOKEN_COUNT,
            Capability.EMBEDDINGS,
            Capability.PREFILL,
            // Whole bodies of vendors' clients, which leave no field to this request.
            Capability.OPENAI_CHAT_BODY,
            Capability.OPENAI_RESPONSES_BODY,
            Capability.ANTHROPIC_MESSAGES_BODY)));

    private static final String IMAGE_BYTES =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static final Part.Image IMAGE = new Part.Image(new Media.Inline("image/png", IMAGE_BYTES));

    private static final Part.Image LINK =
            new Part.Image(new Media.Link(URI.create("https://example.com/map.png"), Optional.of("image/png")));

    private static final Part.Document DOCUMENT =
            new Part.Document(new Media.Inline("application/pdf", "JVBERi0xLjQKJSVFT0YK"), "report.pdf");

    /** Four levels of objects, a number with a fraction, and text outside ASCII. */
    private static final Tool WEATHER = new Tool("weather", "Looks up the weather, in °C", """
            {"type":"object","properties":{"place":{"type":"object","properties":{"city":{"type":"string",\
            "description":"Köln, 東京"},"height":{"type":"number","minimum":-0.5}},"required":["city","height"],\
            "additionalProperties":false}},"required":["place"],"additionalProperties":false}""");

    private static final Tool CLOCK = new Tool("clock", "Reads the time", """
            {"type":"object","properties":{},"additionalProperties":false}""");

    private static final OutputSchema REPORT = new OutputSchema("report", """
            {"type":"object","properties":{"summary":{"type":"string"},"degrees":{"type":"array",\
            "items":{"type":"number"}}},"required":["summary","degrees"],"additionalProperties":false}""");

    private ProviderSimulator simulator;
    private RecordingProxy proxy;
    private Architect architect;
    private ArchitectServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    /**
     * A model, and what is sent to it.
     *
     * @param provider the name of the provider
     * @param model the provider's own id of the model
     * @param apart what the model cannot do in this request, because of something else in it; sent by another case of the provider
     * @param undeclared what no model of the provider's cases declares
     * @param options the provider-specific options
     */
    private record WireCase(
            String provider,
            String model,
            Set<Capability> apart,
            Set<Capability> undeclared,
            Map<String, String> options) {

        ModelId id() {
            return new ModelId(provider, model);
        }

        @Override
        public String toString() {
            return id() + (apart.isEmpty() ? "" : " without " + apart);
        }
    }

    static List<WireCase> cases() {
        Set<Capability> ofClaude = Set.of(Capability.WEB_SEARCH, Capability.DOCUMENTS);
        Set<Capability> ofGemini =
                Set.of(Capability.DOCUMENTS, Capability.SINGLE_TOOL_CALL, Capability.CACHE_BREAKPOINTS);
        Set<Capability> ofResponses = Set.of(Capability.WEB_SEARCH, Capability.DOCUMENTS, Capability.STOP_SEQUENCES);
        Set<Capability> ofOllama = Set.of(
                Capability.WEB_SEARCH,
                Capability.DOCUMENTS,
                Capability.DOCUMENT_INPUT,
                Capability.MEDIA_LINKS,
                Capability.TOOL_CHOICE,
                Capability.SINGLE_TOOL_CALL,
                Capability.CACHE_BREAKPOINTS);
        Set<Capability> ofPerplexity = Set.of(
                Capability.DOCUMENTS,
                Capability.DOCUMENT_INPUT,
                Capability.STOP_SEQUENCES,
                Capability.TOOL_CHOICE,
                Capability.SINGLE_TOOL_CALL,
                Capability.CACHE_BREAKPOINTS);
        Set<Capability> ofAnythingLlm = EnumSet.allOf(Capability.class);
        ofAnythingLlm.retainAll(OF_REQUESTS);
        ofAnythingLlm.removeAll(Set.of(Capability.DOCUMENTS, Capability.IMAGES, Capability.DOCUMENT_INPUT));
        return List.of(
                new WireCase(
                        "claude",
                        "claude-sonnet-4-6",
                        Set.of(),
                        ofClaude,
                        Map.of("claude.service_tier", "auto", "claude.user", "reader-7")),
                new WireCase(
                        "openai",
                        "gpt-5.6-terra",
                        Set.of(Capability.REASONING_EFFORT),
                        ofClaude,
                        Map.of("openai.verbosity", "low", "openai.prompt_cache_key", "reports")),
                new WireCase(
                        "openai", "gpt-4o-mini", Set.of(), ofClaude, Map.of("openai.safety_identifier", "reader-7")),
                new WireCase("openai", "gpt-5-nano", Set.of(), ofClaude, Map.of()),
                new WireCase(
                        "responses",
                        "gpt-5.6-terra",
                        Set.of(),
                        ofResponses,
                        Map.of("responses.reasoning_summary", "concise", "responses.service_tier", "flex")),
                new WireCase("responses", "gpt-4o-mini", Set.of(), ofResponses, Map.of()),
                new WireCase(
                        "gemini",
                        "gemini-3.5-flash",
                        Set.of(Capability.WEB_SEARCH),
                        ofGemini,
                        Map.of("gemini.service_tier", "flex")),
                new WireCase(
                        "gemini",
                        "gemini-3.5-flash",
                        Set.of(Capability.TOOLS, Capability.TOOL_CHOICE),
                        ofGemini,
                        Map.of()),
                new WireCase(
                        "ollama",
                        "qwen3-vl:8b",
                        Set.of(),
                        ofOllama,
                        Map.of("ollama.num_ctx", "16384", "ollama.top_p", "0.9", "ollama.keep_alive", "5m")),
                new WireCase("anythingllm", "docs", Set.of(), ofAnythingLlm, Map.of("anythingllm.mode", "chat")),
                new WireCase(
                        "perplexity",
                        "perplexity/sonar",
                        Set.of(),
                        ofPerplexity,
                        Map.of("perplexity.search_recency", "week", "perplexity.max_steps", "3")));
    }

    static Stream<String> providers() {
        return cases().stream().map(WireCase::provider).distinct();
    }

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        SimulatedModel seeing = SimulatedModel.of(ModelStrength.CHEAP, SimulatedPrices.free());
        simulator = ProviderSimulator.start(
                SimulatorScript.standard().with("ollama", provider -> provider.withModel("qwen3-vl:8b", seeing)));
        proxy = new RecordingProxy(simulator.controlUrl());
        ArchitectSetup.Builder setup = ArchitectSetup.builder(configuration(directory))
                .dataDirectory(directory.resolve("data"))
                .policy(policy(directory))
                .secrets(name -> Optional.of("simulated"))
                .settings(name -> Optional.empty())
                .baseUrl("responses", proxy.of(simulator.baseUrl("openai")));
        SimulatorScript.PROVIDERS.forEach(name -> setup.baseUrl(name, proxy.of(simulator.baseUrl(name))));
        architect = setup.build().open();
        server = ArchitectServer.builder(architect, AccessToken.of(SECRET))
                .port(0)
                .start();
    }

    /** The six providers, and a second one of OpenAI's adapter with its other API. */
    private static RuntimeConfiguration configuration(Path directory) throws IOException {
        StringBuilder yaml = new StringBuilder("providers:\n");
        SimulatorScript.PROVIDERS.forEach(name -> yaml.append("  " + name + ": {}\n"));
        yaml.append("  responses: {adapter: openai, options: {api: responses}}\n");
        return RuntimeConfiguration.load(Files.writeString(directory.resolve("architect.yaml"), yaml));
    }

    /** The standard policy with the models that it does not have. */
    private static Path policy(Path directory) throws IOException {
        try (InputStream standard = Architect.class
                .getClassLoader()
                .getResourceAsStream("dev/architect/router/policy/standard-policy.yaml")) {
            String text = new String(standard.readAllBytes(), StandardCharsets.UTF_8);
            for (String model : List.of(
                    "openai/gpt-5.6-terra", "responses/gpt-5.6-terra", "responses/gpt-4o-mini", "ollama/qwen3-vl:8b")) {
                text += "  - {model: \"" + model + "\", quality: 60, contextTokens: 100000}\n";
            }
            return Files.writeString(directory.resolve("policy.yaml"), text);
        }
    }

    @AfterAll
    void close() {
        server.close();
        architect.close();
        proxy.close();
        simulator.close();
    }

    @BeforeEach
    void forget() {
        proxy.take();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aTaskReachesTheProviderAsTheSameRequestSentDirectly(WireCase wire) throws Exception {
        ChatRequest request = request(wire);
        proxy.take();

        ChatResponse answer = architect.chat(request);
        RecordedRequest direct = onlyRequest(wire);
        TaskHandle inProcess = architect.submit(PromptTasks.of(request));
        assertThat(inProcess.await(TIMEOUT).output()).contains(answer.text());
        RecordedRequest fromTask = onlyRequest(wire);
        TaskHandle overRest = submitOverRest(ChatRequestCodec.write(request));
        assertThat(overRest.await(TIMEOUT).output()).contains(answer.text());
        RecordedRequest fromRest = onlyRequest(wire);

        assertThat(fromTask).isEqualTo(direct);
        assertThat(fromRest).isEqualTo(direct);
        assertThat(direct.body()).contains(contents(request));
    }

    /** What must be found in the body of a call, so that two calls without it are not taken for the same. */
    private static List<String> contents(ChatRequest request) {
        List<String> contents = new ArrayList<>(List.of("Summarise what you see"));
        Set<Capability> required = request.requiredCapabilities();
        if (required.contains(Capability.TOOLS)) {
            contents.addAll(
                    List.of("Looks up the weather, in °C", "\"description\":\"Köln, 東京\"", "\"minimum\":-0.5", "21.5"));
        }
        if (required.contains(Capability.JSON_SCHEMA)) {
            contents.add("\"degrees\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}");
        }
        if (required.contains(Capability.IMAGES)) {
            contents.add(IMAGE_BYTES);
        }
        if (required.contains(Capability.STOP_SEQUENCES)) {
            contents.add("[\"END\",\"§§\"]");
        }
        return contents;
    }

    @ParameterizedTest
    @MethodSource("providers")
    void leavesOutWhatTheAdapterDoesNotDeclareAndNothingElse(String provider) {
        Set<Capability> sent = EnumSet.noneOf(Capability.class);
        Set<Capability> declared = EnumSet.noneOf(Capability.class);
        Set<Capability> undeclared = EnumSet.noneOf(Capability.class);
        for (WireCase wire : cases()) {
            if (wire.provider().equals(provider)) {
                sent.addAll(request(wire).requiredCapabilities());
                declared.addAll(declared(wire));
                undeclared.addAll(wire.undeclared());
            }
        }

        Set<Capability> leftOut = EnumSet.copyOf(OF_REQUESTS);
        leftOut.removeAll(sent);
        assertThat(sent).isEqualTo(declared);
        assertThat(leftOut).isEqualTo(undeclared);
    }

    /** The request of a case: with everything that the model declares and that goes together. */
    private ChatRequest request(WireCase wire) {
        Set<Capability> can = declared(wire);
        can.removeAll(wire.apart());
        ChatRequest opening = opening(wire, can);
        List<Part> last = new ArrayList<>();
        List<Message> earlier = new ArrayList<>();
        if (can.contains(Capability.MULTI_TURN)) {
            Message first = opening.messages().get(0);
            Message second = Message.assistant("It is a map.");
            if (can.contains(Capability.TOOLS)) {
                // The model's own answer, with the ids and signatures that its provider wants back.
                second = architect.chat(opening).message();
                assertThat(second.toolCalls()).isNotEmpty();
                second.toolCalls().forEach(call -> last.add(Part.ToolResult.of(call, "{\"degrees\": 21.5}")));
            }
            earlier.addAll(List.of(first, second));
        }
        last.add(new Part.Text("Summarise what you see, as \"one\" report.\n"));
        last.addAll(media(can));
        ChatRequest.Builder request = settings(ChatRequest.builder(new Message(Role.USER, last)), wire, can)
                .earlier(earlier);
        if (can.contains(Capability.TOOL_CHOICE)) {
            request.toolChoice(choice(can));
        }
        if (can.contains(Capability.JSON_SCHEMA)) {
            request.outputSchema(REPORT);
        }
        return request.build();
    }

    private static ChatRequest opening(WireCase wire, Set<Capability> can) {
        return settings(ChatRequest.builder("Look up the weather at home"), wire, can)
                .build();
    }

    private static ChatRequest.Builder settings(ChatRequest.Builder request, WireCase wire, Set<Capability> can) {
        Set<Capability> needs = EnumSet.copyOf(can);
        needs.retainAll(Set.of(Capability.WEB_SEARCH, Capability.DOCUMENTS));
        request.model(wire.id())
                .needs(needs)
                .system(can.contains(Capability.SYSTEM_TEXT) ? "Be brief, and exact." : null)
                .maxOutputTokens(can.contains(Capability.MAX_OUTPUT_TOKENS) ? 3_000 : null)
                .temperature(can.contains(Capability.TEMPERATURE) ? 1.0 : null)
                .stopSequences(can.contains(Capability.STOP_SEQUENCES) ? List.of("END", "§§") : List.of())
                .effort(can.contains(Capability.REASONING_EFFORT) ? ReasoningEffort.LOW : null)
                .tools(can.contains(Capability.TOOLS) ? List.of(WEATHER, CLOCK) : List.of());
        wire.options().forEach(request::option);
        return request;
    }

    private static ToolChoice choice(Set<Capability> can) {
        ToolChoice named = ToolChoice.named(WEATHER.name());
        return can.contains(Capability.SINGLE_TOOL_CALL) ? named.oneAtATime() : named;
    }

    private static List<Part> media(Set<Capability> can) {
        List<Part> media = new ArrayList<>();
        if (can.contains(Capability.IMAGES)) {
            media.add(IMAGE);
        }
        if (can.contains(Capability.MEDIA_LINKS)) {
            media.add(LINK);
        }
        if (can.contains(Capability.DOCUMENT_INPUT)) {
            media.add(DOCUMENT);
        }
        if (can.contains(Capability.CACHE_BREAKPOINTS)) {
            media.add(new Part.CacheBreakpoint(CacheLifetime.SHORT));
        }
        return media;
    }

    /** What the adapter declares of that model, as far as it concerns chat requests. */
    private Set<Capability> declared(WireCase wire) {
        String adapter = wire.provider().equals("responses") ? "openai" : wire.provider();
        ProviderSettings settings = ProviderSettings.of(wire.provider());
        if (!adapter.equals(wire.provider())) {
            settings = settings.withOption("api", "responses");
        }
        ModelProviderFactory factory = ServiceLoader.load(ModelProviderFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.name().equals(adapter))
                .findFirst()
                .orElseThrow();
        try (ModelProvider provider = factory.create(settings, name -> Optional.of("simulated"))) {
            Set<Capability> declared = EnumSet.copyOf(provider.capabilities(wire.model()));
            declared.retainAll(OF_REQUESTS);
            return declared;
        }
    }

    private TaskHandle submitOverRest(String body) throws IOException, InterruptedException {
        HttpResponse<String> accepted = client.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/api/tasks"))
                        .header("Authorization", "Bearer " + SECRET)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(201);
        TaskId id = TaskId.parse(JSON.readTree(accepted.body()).get("id").textValue());
        return architect.tasks().handle(id).orElseThrow();
    }

    /** Returns the one request that reached the simulator since the last look, without what is random by design. */
    private RecordedRequest onlyRequest(WireCase wire) throws IOException {
        List<RecordedRequest> taken = proxy.take();
        assertThat(taken).hasSize(1);
        return wire.provider().equals("anythingllm") ? withoutSession(taken.get(0)) : taken.get(0);
    }

    /** AnythingLLM's calls each have a session of their own, whose name is random and of no fixed length. */
    private static RecordedRequest withoutSession(RecordedRequest request) throws IOException {
        JsonNode body = JSON.readTree(request.body());
        assertThat(body.path("sessionId").textValue()).startsWith("architect-");
        Map<String, List<String>> headers = new TreeMap<>(request.headers());
        headers.remove("content-length");
        return new RecordedRequest(
                request.method(),
                request.path(),
                headers,
                ((ObjectNode) body).put("sessionId", "masked").toString());
    }
}
