package dev.architect.router.cost;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Tool;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.spi.TokenCounter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Estimates token counts: before a call, and after one whose usage was not reported. Safe for use by several threads. */
public final class TokenEstimator {

    /** About what the format of a provider adds to a message. */
    private static final long TOKENS_PER_MESSAGE = 4;

    /** Characters of a token, for text of which only the length is known; rounded as {@link TokenCounter#fourCharacters} does. */
    private static final long CHARACTERS_PER_TOKEN = 4;

    /** Our judgement: vendors count 85 to 1,600 tokens for a picture, by size and detail. */
    private static final long TOKENS_PER_IMAGE = 1_000;

    /** Our judgement: a page of a PDF has about 40,000 such characters and counts about 2,000 tokens. */
    private static final long BASE64_CHARACTERS_PER_TOKEN = 20;

    private static final Logger LOG = LoggerFactory.getLogger(TokenEstimator.class);

    private final TokenCounter given;
    private final TokenCounter counter;
    private final TokenCounter fallback = TokenCounter.fourCharacters();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Creates an estimator.
     *
     * @param counter counts texts; where it throws or counts less than nothing, four characters are a token, because a call that is
     *     paid for is booked whatever it does
     */
    public TokenEstimator(TokenCounter counter) {
        this.given = counter;
        this.counter = (model, text) -> count(counter, model, text);
    }

    private long count(TokenCounter given, ModelId model, CharSequence text) {
        try {
            long tokens = given.count(model, text);
            if (tokens >= 0) {
                return tokens;
            }
            warn("counted " + tokens + " tokens, expected 0 or more", null);
        } catch (Throwable failure) {
            warn("failed", failure);
        }
        return fallback.count(model, text);
    }

    /** Once, since it is asked several times for each request. */
    private void warn(String what, @Nullable Throwable failure) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn("the token counter {}: four characters are counted as a token instead", what, failure);
        }
    }

    /** What names the models that count tokens as {@code model} does. */
    public Object family(ModelId model) {
        try {
            return Objects.requireNonNull(given.family(model), "family");
        } catch (Throwable failure) {
            warn("names no family", failure);
            return model;
        }
    }

    /** Tokens of the whole prompt. */
    public long promptTokens(ModelId model, ChatRequest request) {
        long tokens = 0;
        // No functions of Optional and no iterators here: every request is counted.
        if (request.system().isPresent()) {
            tokens += counter.count(model, request.system().get()) + TOKENS_PER_MESSAGE;
        }
        List<Message> messages = request.messages();
        for (int i = 0; i < messages.size(); i++) {
            tokens += TOKENS_PER_MESSAGE;
            List<Part> parts = messages.get(i).parts();
            for (int k = 0; k < parts.size(); k++) {
                tokens += of(model, parts.get(k));
            }
        }
        List<Tool> tools = request.toolset().tools();
        for (int i = 0; i < tools.size(); i++) {
            Tool tool = tools.get(i);
            tokens += counter.count(model, tool.name())
                    + counter.count(model, tool.description())
                    + counter.count(model, tool.inputSchema())
                    + TOKENS_PER_MESSAGE;
        }
        if (request.generation().outputSchema().isPresent()) {
            tokens += counter.count(
                    model, request.generation().outputSchema().get().schema());
        }
        return tokens;
    }

    /** Tokens of a part that is no text; 0 of any other. */
    public static long mediaTokens(Part part) {
        if (part instanceof Part.Image) {
            return TOKENS_PER_IMAGE;
        }
        return part instanceof Part.Document document ? ofDocument(document.media()) : 0;
    }

    private long of(ModelId model, Part part) {
        if (part instanceof Part.Text text) {
            return counter.count(model, text.text());
        }
        if (part instanceof Part.ToolCall call) {
            return counter.count(model, call.name()) + counter.count(model, call.arguments());
        }
        if (part instanceof Part.ToolResult result) {
            return counter.count(model, result.text());
        }
        if (part instanceof Part.Reasoning reasoning) {
            return counter.count(model, reasoning.text());
        }
        return mediaTokens(part);
    }

    private static long ofDocument(Media media) {
        // The size behind a link is unknown before the provider fetches it.
        long characters = media instanceof Media.Inline inline ? inline.base64().length() : 0;
        return Math.max(TOKENS_PER_IMAGE, characters / BASE64_CHARACTERS_PER_TOKEN);
    }

    /** Tokens of an answer: its text, its tool calls, and the reasoning that it shows. */
    public long answerTokens(ModelId model, List<Part> content) {
        return content.stream().mapToLong(part -> of(model, part)).sum();
    }

    /** Tokens of an answer of which only the length is known. */
    public long answerTokens(long characters) {
        // Rounded up: a short rest is a token too.
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    /** Our judgement of a usual answer; a model whose reasoning counts has its own figure in the policy. */
    public static int usualAnswerTokens(Complexity complexity) {
        return switch (complexity) {
            case SIMPLE -> 120;
            case MEDIUM -> 400;
            case COMPLEX -> 1_200;
        };
    }
}
