package dev.architect.provider.perplexity;

import static dev.architect.provider.perplexity.StubbedPerplexity.agent;
import static dev.architect.provider.perplexity.StubbedPerplexity.body;
import static dev.architect.provider.perplexity.StubbedPerplexity.refused;
import static dev.architect.provider.perplexity.StubbedPerplexity.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.model.Capability;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to the Agent API, which refuses a body with anything it does not know. */
class PerplexityAgentRequestWriterTest {

    private static final Tool WEATHER = new Tool("weather", "Tells the weather.", "{\"type\":\"object\"}");

    @Test
    void offersToolsAndSendsTheirSignaturesBackWithCallAndResult() {
        Part.ToolCall asked = new Part.ToolCall(
                "call_1", "weather", "{\"city\":\"Rome\"}", Optional.of(new Signature("perplexity", "proof")));
        JsonNode sent = agent(ChatRequest.builder(Message.user(
                        new Part.Text("And tomorrow?"),
                        Part.ToolResult.of(asked, "sunny"),
                        new Part.ToolResult("call_2", "weather", "no such city", true)))
                .earlier(Message.user("Weather?"))
                .earlier(new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Part.Reasoning("Hm.", Optional.empty()),
                                new Part.Text("One moment."),
                                asked,
                                Part.ToolCall.of("call_2", "weather", "{}"))))
                .tools(WEATHER)
                .build());

        assertThat(sent)
                .isEqualTo(tree("{'model':'perplexity/sonar','input':["
                        + "{'type':'message','role':'user','content':'Weather?'},"
                        + "{'type':'message','role':'assistant','content':'One moment.'},"
                        + "{'type':'function_call','call_id':'call_1','name':'weather',"
                        + "'arguments':'{\\'city\\':\\'Rome\\'}','thought_signature':'proof'},"
                        + "{'type':'function_call','call_id':'call_2','name':'weather','arguments':'{}'},"
                        + "{'type':'function_call_output','call_id':'call_1','name':'weather','output':'sunny',"
                        + "'thought_signature':'proof'},"
                        + "{'type':'function_call_output','call_id':'call_2','name':'weather',"
                        + "'output':'Error: no such city'},"
                        + "{'type':'message','role':'user','content':'And tomorrow?'}],"
                        + "'tools':[{'type':'function','name':'weather','description':'Tells the weather.',"
                        + "'parameters':{'type':'object','properties':{}}}]}"));
    }

    @Test
    void leavesOutTheSignaturesOfOthersAndMapsTheirIds() {
        Part.ToolCall first =
                new Part.ToolCall("toolu|1", "weather", "{}", Optional.of(new Signature("claude", "proof")));
        Part.ToolCall second = Part.ToolCall.of("toolu.1", "weather", "{}");
        JsonNode input = agent(ChatRequest.builder(
                                Message.user(Part.ToolResult.of(second, "rain"), Part.ToolResult.of(first, "sun")))
                        .earlier(Message.user("Weather?"))
                        .earlier(new Message(Role.ASSISTANT, List.of(first, second)))
                        .tools(WEATHER)
                        .build())
                .path("input");

        assertThat(input.toString()).doesNotContain("proof", "toolu");
        assertThat(input.get(1).path("call_id"))
                .isEqualTo(input.get(4).path("call_id"))
                .isNotEqualTo(input.get(2).path("call_id"));
        assertThat(input.get(2).path("call_id")).isEqualTo(input.get(3).path("call_id"));
    }

    @Test
    void leavesOutEmptyMessages() {
        JsonNode sent = agent(ChatRequest.builder("Hello?")
                .earlier(Message.user("Hi."))
                .earlier(new Message(
                        Role.ASSISTANT, List.of(new Part.Reasoning("Hm.", Optional.empty()), new Part.Text(""))))
                .build());

        assertThat(sent.path("input"))
                .isEqualTo(tree("[{'type':'message','role':'user','content':'Hi.'},"
                        + "{'type':'message','role':'user','content':'Hello?'}]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web_search",
                "search_web",
                "fetch_url",
                "people_search",
                "search_people",
                "finance_search",
                "sandbox"
            })
    void refusesToolsThatAreNamedLikePerplexitysOwn(String name) {
        ChatRequest request = ChatRequest.builder("Hello?")
                .tools(new Tool(name, "Mine.", "{}"))
                .build();

        assertThat(refused(request)).hasMessageContaining("tool is '" + name + "', expected none of the names");
    }

    @Test
    void refusesAToolChoice() {
        assertThat(refused(ChatRequest.builder("Hello?")
                        .tools(WEATHER)
                        .toolChoice(ToolChoice.REQUIRED)
                        .build()))
                .hasMessageContaining("TOOL_CHOICE");
        assertThat(refused(ChatRequest.builder("Hello?")
                        .tools(WEATHER)
                        .toolChoice(ToolChoice.AUTO.oneAtATime())
                        .build()))
                .hasMessageContaining("SINGLE_TOOL_CALL");
    }

    @Test
    void sendsImagesInlineAndLinked() {
        JsonNode sent = agent(ChatRequest.builder(Message.user(
                        new Part.Image(Media.of("image/png", new byte[] {1, 2, 3})),
                        new Part.Image(Media.at(URI.create("https://example.com/fox.png"))),
                        new Part.Text("What is it?")))
                .build());

        assertThat(sent.path("input").path(0).path("content"))
                .isEqualTo(tree("[{'type':'input_image','image_url':'data:image/png;base64,AQID'},"
                        + "{'type':'input_image','image_url':'https://example.com/fox.png'},"
                        + "{'type':'input_text','text':'What is it?'}]"));
    }

    @Test
    void refusesImagesThatPerplexityDoesNotTake() {
        assertThat(refused(showing(new Part.Image(Media.of("image/tiff", new byte[] {1})))))
                .hasMessageContaining("image type is image/tiff, expected one of [image/gif");
        assertThat(refused(showing(new Part.Image(Media.at(URI.create("http://example.com/a?key=secret"))))))
                .hasMessageContaining("image link is one of http, expected https")
                .message()
                .doesNotContain("secret");
        assertThat(refused(showing(new Part.Document(Media.of("application/pdf", new byte[] {1}), "a.pdf"))))
                .hasMessageContaining("DOCUMENT_INPUT");
    }

    @Test
    void requestsJsonAndEffort() {
        JsonNode sent = agent(ChatRequest.builder("Hello?")
                .outputSchema(new OutputSchema("animal", "{\"type\":\"object\"}"))
                .effort(ReasoningEffort.VERY_HIGH)
                .build());

        assertThat(sent.path("response_format"))
                .isEqualTo(tree("{'type':'json_schema','json_schema':{'name':'animal','strict':true,"
                        + "'schema':{'type':'object'}}}"));
        assertThat(sent.path("reasoning")).isEqualTo(tree("{'effort':'xhigh'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "MAX"})
    void refusesEffortsThatPerplexityDoesNotHave(ReasoningEffort effort) {
        assertThat(refused(ChatRequest.builder("Hello?").effort(effort).build()))
                .hasMessageContaining("effort is " + effort + ", expected MINIMAL, LOW, MEDIUM, HIGH or VERY_HIGH");
    }

    @Test
    void writesTheSearchOptions() {
        JsonNode sent = agent(searching()
                .option("perplexity.search_domains", "example.com, -example.org")
                .option("perplexity.search_recency", "week")
                .option("perplexity.search_after", "2026-01-05")
                .option("perplexity.search_before", "2026-11-22")
                .option("perplexity.updated_after", "2025-12-31")
                .option("perplexity.updated_before", "2026-02-01")
                .option("perplexity.search_context", "high")
                .option("perplexity.user_country", "PT")
                .option("perplexity.user_region", "Lisboa")
                .option("perplexity.user_city", "Lisbon")
                .option("perplexity.user_latitude", "38.72")
                .option("perplexity.user_longitude", "-9.14")
                .option("perplexity.tools", "people_search,sandbox")
                .option("perplexity.fetch_urls", "3")
                .option("perplexity.force_search", "true")
                .option("perplexity.max_steps", "4")
                .option("perplexity.max_tool_calls", "0")
                .option("perplexity.language", "pt")
                .option("perplexity.previous_response", "resp_7")
                .option("perplexity.store", "false")
                .option("claude.citations", "true")
                .build());

        assertThat(sent)
                .isEqualTo(tree("{'model':'perplexity/sonar',"
                        + "'input':[{'type':'message','role':'user','content':'Hello?'}],"
                        + "'tools':[{'type':'web_search','filters':{"
                        + "'search_domain_filter':['example.com','-example.org'],'search_recency_filter':'week',"
                        + "'search_after_date_filter':'01/05/2026','search_before_date_filter':'11/22/2026',"
                        + "'last_updated_after_filter':'12/31/2025','last_updated_before_filter':'02/01/2026'},"
                        + "'search_context_size':'high','user_location':{'country':'PT','region':'Lisboa',"
                        + "'city':'Lisbon','latitude':38.72,'longitude':-9.14}},"
                        + "{'type':'fetch_url','max_urls':3},{'type':'people_search'},{'type':'sandbox'}],"
                        + "'tool_choice':{'type':'web_search'},'max_steps':4,'max_tool_calls':0,"
                        + "'language_preference':'pt','previous_response_id':'resp_7','store':false}"));
        assertThat(agent(searching()
                                .option("perplexity.search_tokens", "9000")
                                .option("perplexity.search_tokens_per_page", "500")
                                .build())
                        .path("tools"))
                .isEqualTo(tree("[{'type':'web_search','max_tokens':9000,'max_tokens_per_page':500}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search_recency | decade | one of [hour, day",
                "search_after | 01/05/2026 | a date such as 2026-11-22",
                "search_before | 2026-02-30 | a date such as 2026-11-22",
                "search_domains | a.com,,b.com | entries with a comma between them",
                "search_context | huge | one of [low, medium, high]",
                "user_country | pt | two capital letters",
                "user_latitude | north | degrees such as 52.5",
                "user_city | ' ' | some text",
                "tools | web_search | some of [fetch_url",
                "fetch_urls | 0 | a number of 1..100",
                "force_search | yes | one of [true, false]",
                "max_steps | 11 | a number of 1..10",
                "max_tool_calls | -1 | a number of 0..1000",
                "language | english | two small letters",
                "preset | Fast! | a name such as low",
                "store | no | one of [true, false]",
                "search_mode | sec | option is 'perplexity.search_mode'",
                "anything | x | option is 'perplexity.anything'"
            })
    void refusesOptionsThatCannotBeSent(String name, String value, String expected) {
        ChatRequest request = searching().option("perplexity." + name, value).build();

        assertThat(refused(request))
                .hasMessageContaining("perplexity." + name)
                .hasMessageContaining(expected.replace("option is", ""));
    }

    @Test
    void refusesOptionsOfASearchThatIsNotMade() {
        assertThat(refused(ChatRequest.builder("Hello?")
                        .option("perplexity.search_recency", "day")
                        .build()))
                .hasMessageContaining("[filters]")
                .hasMessageContaining("expected a call that needs WEB_SEARCH");
        assertThat(refused(ChatRequest.builder("Hello?")
                        .option("perplexity.force_search", "true")
                        .build()))
                .hasMessageContaining("force_search is 'true', expected a call that needs WEB_SEARCH");
        assertThat(refused(searching()
                        .option("perplexity.search_tokens", "9")
                        .option("perplexity.search_context", "low")
                        .build()))
                .hasMessageContaining("search_context is 'low', expected none beside search_tokens");
    }

    @Test
    void namesAModelBesideAPresetUnlessTheHostLetsThePresetChoose() {
        ChatRequest request = ChatRequest.builder("Hello?")
                .option("perplexity.preset", "fast@2026-10-16.0")
                .build();

        assertThat(agent(request))
                .isEqualTo(tree("{'preset':'fast@2026-10-16.0','model':'perplexity/sonar',"
                        + "'input':[{'type':'message','role':'user','content':'Hello?'}]}"));
        JsonNode chosen = body(
                "perplexity/sonar",
                request,
                builder -> builder.presetField("effort").presetsChooseModel());
        assertThat(chosen.path("effort").asText()).isEqualTo("fast@2026-10-16.0");
        assertThat(chosen.has("model") || chosen.has("preset")).isFalse();
        assertThat(body("perplexity/sonar", ChatRequest.of("Hello?"), PerplexityProvider.Builder::presetsChooseModel)
                        .path("model")
                        .asText())
                .isEqualTo("perplexity/sonar");
        assertThatThrownBy(() ->
                        PerplexityProvider.builder(name -> Optional.empty()).presetField("mode"))
                .hasMessage("presetField is 'mode', expected preset or effort");
    }

    @Test
    void filtersTheSearchesOfAPreset() {
        assertThat(agent(ChatRequest.builder("Hello?")
                                .option("perplexity.preset", "low")
                                .option("perplexity.search_recency", "day")
                                .build())
                        .path("tools"))
                .isEqualTo(tree("[{'type':'web_search','filters':{'search_recency_filter':'day'}}]"));
    }

    private static ChatRequest.Builder searching() {
        return ChatRequest.builder("Hello?").needs(Set.of(Capability.WEB_SEARCH));
    }

    private static ChatRequest showing(Part part) {
        return ChatRequest.builder(Message.user(part, new Part.Text("What is it?")))
                .build();
    }
}
