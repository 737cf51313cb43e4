package dev.architect.simulator.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.CitedSource;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;

/**
 * Answers of the Gemini API. Every event of a stream is a whole response with the usage so far; zero counts are left
 * out; reasoning is counted separately from the candidates; calls have no ids.
 */
final class GeminiAnswerWriter implements ChatAnswerWriter {

    private final boolean events;
    private final boolean showsReasoning;
    private final boolean thirdGeneration;
    private final boolean thinks;
    private final long images;
    private final long documents;
    private final String tier;

    /**
     * Writes the answers to one kind of request.
     *
     * @param events whether a stream is one of server-sent events with CRLF, or else one JSON array
     * @param showsReasoning whether summaries of the reasoning are sent
     * @param thirdGeneration whether the model is of the third generation or later, which signs its texts too
     * @param thinks whether the model reasons, and so signs its calls
     * @param images how many images the prompt has
     * @param documents how many other files the prompt has
     * @param tier the service tier
     */
    GeminiAnswerWriter(
            boolean events,
            boolean showsReasoning,
            boolean thirdGeneration,
            boolean thinks,
            long images,
            long documents,
            String tier) {
        this.events = events;
        this.showsReasoning = showsReasoning;
        this.thirdGeneration = thirdGeneration;
        this.thinks = thinks;
        this.images = images;
        this.documents = documents;
        this.tier = tier;
    }

    @Override
    public byte[] whole(ParsedRequest.Chat request, ChatAnswer answer) {
        ArrayNode parts = SimulatorJson.array();
        if (showsReasoning && !answer.reasoning().isEmpty()) {
            parts.add(thoughtPart(answer.reasoning()));
        }
        if (!answer.text().isEmpty()) {
            ObjectNode text = SimulatorJson.object().put("text", answer.text());
            parts.add(signsText() ? text.put("thoughtSignature", GeminiThoughtSignatures.ofText(answer.text())) : text);
        }
        for (int i = 0; i < answer.calls().size(); i++) {
            parts.add(call(answer.calls().get(i), i));
        }
        return SimulatorJson.pretty(response(answer, parts, answer.counts(), true));
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer) {
        return new GeminiAnswerStreamWriter(this, answer);
    }

    @Override
    public String streamType() {
        return events ? "text/event-stream" : "application/json; charset=UTF-8";
    }

    @Override
    public boolean argumentsInChunks() {
        return false;
    }

    boolean isEvents() {
        return events;
    }

    boolean showsReasoning() {
        return showsReasoning;
    }

    boolean signsText() {
        return thirdGeneration && thinks;
    }

    static ObjectNode thoughtPart(String text) {
        return SimulatorJson.object().put("text", text).put("thought", true);
    }

    /** Only the first of several calls is signed. */
    ObjectNode call(ToolCall call, int index) {
        ObjectNode function = SimulatorJson.object().put("name", call.name());
        function.set("args", call.arguments());
        ObjectNode part = SimulatorJson.object();
        part.set("functionCall", function);
        return index == 0 && (thirdGeneration || thinks)
                ? part.put("thoughtSignature", GeminiThoughtSignatures.ofCall(call.name(), call.arguments()))
                : part;
    }

    /** @param last whether the answer ends here */
    ObjectNode response(ChatAnswer answer, ArrayNode parts, TokenCounts counts, boolean last) {
        ObjectNode content = SimulatorJson.object();
        if (!parts.isEmpty()) {
            content.set("parts", parts);
        }
        ObjectNode candidate = SimulatorJson.object();
        candidate.set("content", content.put("role", "model"));
        if (last) {
            end(candidate, answer);
        }
        ObjectNode response = SimulatorJson.object();
        response.set("candidates", SimulatorJson.array(candidate.put("index", 0)));
        response.set("usageMetadata", usage(counts));
        return response.put("modelVersion", answer.model())
                .put("responseId", answer.ids().of(""));
    }

    private static void end(ObjectNode candidate, ChatAnswer answer) {
        candidate.put("finishReason", answer.truncated() ? "MAX_TOKENS" : "STOP");
        if (!answer.calls().isEmpty()) {
            candidate.put("finishMessage", "Model generated function call(s).");
        }
        if (answer.counts().searches() > 0) {
            ObjectNode grounding = SimulatorJson.object();
            grounding.set("webSearchQueries", SimulatorJson.array().add("handbook"));
            ArrayNode chunks = SimulatorJson.array();
            for (CitedSource source : answer.citations()) {
                ObjectNode chunk = SimulatorJson.object();
                chunk.set("web", SimulatorJson.object().put("uri", source.url()).put("title", source.title()));
                chunks.add(chunk);
            }
            grounding.set("groundingChunks", chunks);
            candidate.set("groundingMetadata", grounding);
        }
    }

    private ObjectNode usage(TokenCounts counts) {
        ObjectNode usage = SimulatorJson.object().put("promptTokenCount", counts.prompt());
        if (counts.text() > 0) {
            usage.put("candidatesTokenCount", counts.text());
        }
        usage.put("totalTokenCount", counts.prompt() + counts.output());
        usage.set("promptTokensDetails", details(counts.prompt()));
        if (counts.cacheRead() > 0) {
            usage.put("cachedContentTokenCount", counts.cacheRead());
            usage.set("cacheTokensDetails", details(counts.cacheRead()));
        }
        if (counts.reasoning() > 0) {
            usage.put("thoughtsTokenCount", counts.reasoning());
        }
        return usage.put("serviceTier", tier);
    }

    /** Splits the first tokens of the prompt by modality; images and files count as its end. */
    private ArrayNode details(long tokens) {
        ArrayNode details = SimulatorJson.array();
        long media = Math.min(tokens, (images + documents) * Prompt.PER_MEDIA);
        long ofImages = Math.min(media, images * Prompt.PER_MEDIA);
        add(details, "TEXT", tokens - media);
        add(details, "IMAGE", ofImages);
        add(details, "DOCUMENT", media - ofImages);
        return details;
    }

    private static void add(ArrayNode details, String modality, long tokens) {
        if (tokens > 0) {
            details.add(SimulatorJson.object().put("modality", modality).put("tokenCount", tokens));
        }
    }
}
