package dev.architect.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.creation.CreatedAnswer;
import dev.architect.creation.CreationInProgressException;
import dev.architect.creation.CreationKey;
import dev.architect.creation.CreationKeyReusedException;
import dev.architect.creation.CreationOutcome;
import dev.architect.creation.CreationStore;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets a request that creates something be repeated: a request with the same {@value #HEADER} creates nothing more and is answered as the first
 * one was. The answer is stored in the transaction of the creation. Stateless beside its store.
 */
public final class Creations {

    /** The field of the header that names a creation. */
    public static final String HEADER = "Idempotency-Key";

    /** The field of the header of an answer that was given before. */
    public static final String REPLAYED = "Idempotency-Replayed";

    private static final String ATTRIBUTE = "architect.creation";

    private final Optional<CreationStore> store;
    private final Function<Context, String> caller;

    /** A creation that a key was sent for. */
    private record Keyed(CreationStore store, CreationKey key) {}

    /**
     * Creates what stands before the handlers.
     *
     * @param store keeps the answers; empty in a store that cannot, which refuses keys
     * @param caller returns who makes a request
     */
    public Creations(Optional<CreationStore> store, Function<Context, String> caller) {
        this.store = store;
        this.caller = caller;
    }

    /** Returns a handler that answers repetitions by itself, and lets {@code handler} do the rest, which creates by {@link #respond}. */
    public Handler around(String operation, Handler handler) {
        return request -> {
            String sent = request.header(HEADER);
            if (sent == null) {
                handler.handle(request);
                return;
            }
            CreationStore answers = store.orElseThrow(
                    () -> invalidKey(HEADER + " is given, expected none: the store keeps no answers of creations"));
            CreationKey key = key(request, operation, sent);
            Optional<CreatedAnswer> first = refusing(() -> answers.find(key));
            if (first.isPresent()) {
                replay(request, first.get());
                return;
            }
            request.attribute(ATTRIBUTE, new Keyed(answers, key));
            handler.handle(request);
        };
    }

    private CreationKey key(Context request, String operation, String sent) {
        try {
            return new CreationKey(caller.apply(request), operation, sent, hash(request));
        } catch (IllegalArgumentException wrong) {
            throw invalidKey(String.valueOf(wrong.getMessage()).replaceFirst("^key", HEADER));
        }
    }

    private static ApiException invalidKey(String message) {
        return new ApiException(400, "invalid-idempotency-key", message, HEADER, ApiException.Place.HEADER, null);
    }

    /** Of everything that says what is created: where, as whom and what. */
    private static String hash(Context request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : new String[] {
                request.path(), String.valueOf(request.queryString()), String.valueOf(request.header("Architect-Actor"))
            }) {
                digest.update((text.length() + ":" + text).getBytes(StandardCharsets.UTF_8));
            }
            digest.update(JsonBodyReader.bytes(request));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected in every Java platform", missing);
        }
    }

    private static <T> T refusing(Supplier<T> work) {
        try {
            return work.get();
        } catch (CreationKeyReusedException reused) {
            throw new ApiException(
                    422,
                    "key-reused",
                    String.valueOf(reused.getMessage()).replaceFirst("^key", HEADER),
                    HEADER,
                    ApiException.Place.HEADER,
                    null);
        } catch (CreationInProgressException running) {
            throw new ApiException(
                    409,
                    "in-progress",
                    String.valueOf(running.getMessage()).replaceFirst("^key", HEADER),
                    HEADER,
                    ApiException.Place.HEADER,
                    running.retryAfter().orElse(null));
        }
    }

    /**
     * Creates, and responds with what was created; where a key was sent, once for that key.
     *
     * @param made what the store returns when it has created: an instance of this is what {@code answer} is for
     * @param creation creates
     * @param answer the answer, from nothing but what was created, without a secret
     */
    public static <T> void respond(
            Context request, Class<T> made, Supplier<T> creation, Function<T, CreatedAnswer> answer) {
        respond(
                request,
                stored -> made.isInstance(stored) ? Optional.of(answer.apply(made.cast(stored))) : Optional.empty(),
                () -> answer.apply(creation.get()),
                first -> {});
    }

    /**
     * As {@link #respond(Context, Class, Supplier, Function)}, where a store returns something else than what is answered.
     *
     * @param made returns the answer when what the store has returned means that it was created
     * @param creation creates, and returns the same answer
     * @param first gets the request after its answer was written when it was the first one: adds what is shown once
     */
    public static void respond(
            Context request,
            Function<Object, Optional<CreatedAnswer>> made,
            Supplier<CreatedAnswer> creation,
            Consumer<Context> first) {
        Keyed keyed = request.attribute(ATTRIBUTE);
        if (keyed == null) {
            write(request, creation.get());
            first.accept(request);
            return;
        }
        CreationOutcome outcome = refusing(() -> keyed.store().once(keyed.key(), made, creation));
        if (outcome.isRepeated()) {
            replay(request, outcome.answer());
        } else {
            write(request, outcome.answer());
            first.accept(request);
        }
    }

    private static void replay(Context request, CreatedAnswer answer) {
        write(request, answer);
        request.header(REPLAYED, "true");
    }

    private static void write(Context request, CreatedAnswer answer) {
        request.status(answer.status());
        answer.headers().forEach(request::header);
        request.contentType("application/json").result(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an answer that something new is at {@code location}. */
    public static CreatedAnswer at(String location, JsonNode body) {
        return answer(201, Map.of("Location", location), body);
    }

    /** Returns an answer with fields of the header. */
    public static CreatedAnswer answer(int status, Map<String, String> headers, JsonNode body) {
        return new CreatedAnswer(
                status,
                new LinkedHashMap<>(headers),
                new String(JsonResponseWriter.bytes(body), StandardCharsets.UTF_8));
    }
}
