package dev.architect.provider.perplexity;

import static dev.architect.provider.perplexity.StubbedPerplexity.streamed;
import static dev.architect.provider.perplexity.StubbedPerplexity.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.Tool;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is made of the Agent API's items and events: calls, sources and reasoning. */
class PerplexityAgentStreamReaderTest {

    private static final ChatRequest OFFERING = ChatRequest.builder("Weather?")
            .tools(
                    new Tool("weather", "Tells the weather.", "{\"type\":\"object\"}"),
                    new Tool("clock", "Tells the time.", "{\"type\":\"object\"}"))
            .build();

    private static final String OWN_SEARCH =
            "{'type':'function_call','name':'search_web','call_id':'call_0','arguments':'{}','status':'completed'}";
    private static final String WEATHER = "{'type':'function_call','name':'weather','call_id':'call_1','id':'fc_1',"
            + "'arguments':'{\\'city\\':\\'Rome\\'}','thought_signature':'proof'}";
    private static final String CLOCK =
            "{'type':'function_call','name':'clock','call_id':'call_2','arguments':null,'thought_signature':null}";
    private static final String TEXT =
            "{'type':'message','id':'msg_1','content':[{'type':'output_text','text':'Let me see.'}]}";

    private static final List<Part> ASKED = List.of(
            new Part.Text("Let me see."),
            new Part.ToolCall(
                    "call_1", "weather", "{\"city\":\"Rome\"}", Optional.of(new Signature("perplexity", "proof"))),
            Part.ToolCall.of("call_2", "clock", "{}"));

    @Test
    void takesCallsOfOfferedToolsOnceEach() {
        ProviderAnswer whole = whole(OFFERING, response("completed", OWN_SEARCH, TEXT, WEATHER, CLOCK, WEATHER));
        ProviderAnswer streamed = streamed(
                OFFERING,
                piece -> {},
                "{'type':'response.output_item.added','output_index':0,'item':" + OWN_SEARCH + "}",
                "{'type':'response.output_item.done','output_index':0,'item':" + OWN_SEARCH + "}",
                "{'type':'response.output_text.delta','output_index':1,'delta':'Let me see.'}",
                "{'type':'response.output_item.added','output_index':2,'item':" + WEATHER + "}",
                "{'type':'response.output_item.done','output_index':2,'item':" + WEATHER + "}",
                completed(OWN_SEARCH, TEXT, WEATHER, CLOCK));

        assertThat(whole.content()).isEqualTo(ASKED);
        assertThat(whole.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(streamed).isEqualTo(whole);
    }

    @Test
    void anAnswerThatWaitsForItsCallerEndedForItsCalls() {
        assertThat(whole(OFFERING, response("requires_action", WEATHER)).stopReason())
                .isEqualTo(StopReason.TOOL_CALLS);
        assertThat(whole(OFFERING, response("requires_action", TEXT)).stopReason())
                .isEqualTo(StopReason.PAUSED);
        assertThat(whole(OFFERING, response("of_next_year", TEXT)).stopReason()).isEqualTo(StopReason.OTHER);
    }

    @Test
    void aCallWithoutAnIdOrWithArgumentsThatAreNoTextIsStillACall() {
        ProviderAnswer answer = whole(
                OFFERING,
                response("completed", "{'type':'function_call','name':'weather','arguments':{'city':'Rome'}}"));

        assertThat(answer.toolCalls()).singleElement().satisfies(call -> {
            assertThat(call.id()).isNotBlank();
            assertThat(call.arguments()).isEqualTo("{\"city\":\"Rome\"}");
        });
    }

    @Test
    void citesEachSourceOnceByItsMark() {
        String found = "{'type':'search_results','results':["
                + "{'id':1,'url':'https://a.example','title':'A','snippet':'Says a.'},"
                + "{'id':7,'url':'https://b.example','title':'B','snippet':null},{'id':8,'url':null}]}";
        String fetched = "{'type':'fetch_url_results','contents':["
                + "{'url':'https://a.example','title':'A again'},{'url':'https://c.example','title':'C','snippet':'c'}]}";
        String message = "{'type':'message','content':[{'type':'output_text','text':'It is so.[7]','annotations':["
                + "{'type':'url_citation','url':'https://b.example','title':'B'},"
                + "{'type':'url_citation','url':'https://d.example','title':'D'}]}]}";
        List<Citation> expected = List.of(
                new Citation("1", "A", Optional.of("https://a.example"), Optional.of("Says a.")),
                new Citation("7", "B", Optional.of("https://b.example"), Optional.empty()),
                new Citation("", "C", Optional.of("https://c.example"), Optional.of("c")),
                new Citation("", "D", Optional.of("https://d.example"), Optional.empty()));
        List<Citation> received = new ArrayList<>();

        ProviderAnswer whole = whole(OFFERING, response("completed", found, fetched, message));
        ProviderAnswer streamed = streamed(
                OFFERING,
                new ChatListener() {
                    @Override
                    public void onText(String piece) {}

                    @Override
                    public void onCitation(Citation citation) {
                        received.add(citation);
                    }
                },
                found.replace("'type':'search_results'", "'type':'response.reasoning.search_results'"),
                "{'type':'response.output_item.done','output_index':0,'item':" + found + "}",
                fetched.replace("'type':'fetch_url_results'", "'type':'response.reasoning.fetch_url_results'"),
                "{'type':'response.output_item.done','output_index':2,'item':" + message + "}",
                completed(found, fetched, message));

        assertThat(whole.citations()).isEqualTo(expected);
        assertThat(streamed).isEqualTo(whole);
        assertThat(received).isEqualTo(expected);
    }

    /** Two searches of one answer may find one page under two marks. */
    @Test
    void keepsEveryMarkOfASource() {
        String found = "{'type':'search_results','results':[{'id':1,'url':'https://a.example','title':'A'}]}";

        assertThat(whole(OFFERING, response("completed", found, found.replace("'id':1", "'id':2")))
                        .citations())
                .extracting(Citation::mark)
                .containsExactly("1", "2");
    }

    @Test
    void reasoningIsDistinguishedFromProgressReports() {
        ProviderAnswer answer = streamed(
                OFFERING,
                piece -> {},
                "{'type':'response.reasoning.started','thought':'First this.'}",
                "{'type':'response.reasoning.search_queries','thought':'Searching the web...','queries':['x']}",
                "{'type':'response.reasoning.stopped','thought':'Then that.'}",
                "{'type':'response.reasoning.stopped','thought':null}",
                "{'type':'response.output_text.delta','output_index':0,'delta':'Let me see.'}",
                completed(TEXT));

        assertThat(answer.content())
                .containsExactly(
                        new Part.Reasoning("First this.\nThen that.", Optional.empty()), new Part.Text("Let me see."));
    }

    private static String completed(String... items) {
        return "{'type':'response.completed','response':" + response("completed", items) + "}";
    }

    private static String response(String status, String... items) {
        return "{'id':'resp_1','model':'perplexity/sonar','status':'" + status + "','output':["
                + String.join(",", items) + "],'usage':{'input_tokens':5,'output_tokens':2}}";
    }
}
