package dev.architect.server.gateway.dialect;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ModelSelection;
import dev.architect.chat.Quality;
import dev.architect.error.DidYouMean;
import dev.architect.model.ModelId;
import dev.architect.route.ProviderStatus;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names under which clients of the gateway reach models: {@code auto} and its variants, {@code provider/model}, and the name of a model
 * alone. What the router serves is read again once a second at most. Safe for use by several threads.
 */
public final class ModelCatalogue {

    /** The code of the error for a name that is none of a model. */
    public static final String UNKNOWN_MODEL = "model-not-found";

    private static final String AUTO = "auto";
    private static final long LIFETIME_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Map<String, Variant> VARIANTS = new TreeMap<>(Map.of(
            AUTO,
            new Variant(Quality.AUTO, ModelSelection.Preference.POLICY),
            "auto:best",
            new Variant(Quality.HIGH, ModelSelection.Preference.POLICY),
            "auto:cheap",
            new Variant(Quality.BASIC, ModelSelection.Preference.CHEAPEST),
            "auto:fast",
            new Variant(Quality.AUTO, ModelSelection.Preference.FASTEST)));

    private final Architect architect;
    private final TimeSource time;
    private volatile Snapshot current;

    /**
     * A name that a client may use.
     *
     * @param name the name
     * @param owner who offers it: a provider, or {@code architect} for the variants of {@code auto}
     */
    public record Listed(String name, String owner) {}

    /** What a variant of {@code auto} requires of the router. */
    private record Variant(Quality quality, ModelSelection.Preference preference) {}

    private record Snapshot(long readAt, Map<String, ModelId> whole, Map<String, ModelId> plain, List<Listed> all) {}

    /** Creates the catalogue of the models that {@code architect} serves. */
    public ModelCatalogue(Architect architect, TimeSource time) {
        this.architect = architect;
        this.time = time;
        this.current = read();
    }

    /**
     * Makes {@code request} one for the model of that name.
     *
     * @throws ApiException when there is none
     */
    public void select(String name, ChatRequest.Builder request) {
        Variant variant = VARIANTS.get(name);
        if (variant != null) {
            request.quality(variant.quality).preference(variant.preference);
            return;
        }
        Snapshot known = snapshot();
        ModelId whole = known.whole.get(name);
        if (whole != null) {
            request.model(whole);
            return;
        }
        ModelId plain = known.plain.get(name);
        if (plain == null) {
            throw unknown(name, known);
        }
        request.model(plain).provider(ModelSelection.Provider.ANY);
    }

    /** Whether {@code name} leaves no choice to the router. */
    public boolean isPinned(String name) {
        return !VARIANTS.containsKey(name);
    }

    private static ApiException unknown(String name, Snapshot known) {
        String expected = DidYouMean.of(
                        name, known.all.stream().map(Listed::name).toList())
                .map(near -> "did you mean '" + near + "'?")
                .orElse("expected auto or one of GET /v1/models");
        return new ApiException(
                404,
                UNKNOWN_MODEL,
                "model is '" + BodyFields.shorten(name) + "', which is not served here, " + expected,
                "model",
                null);
    }

    /** All names: the variants of {@code auto}, then models alone, then models with their provider. */
    public List<Listed> names() {
        return snapshot().all;
    }

    /** Returns the name as it is listed; empty when there is none. */
    public Optional<Listed> name(String name) {
        return names().stream().filter(listed -> listed.name().equals(name)).findFirst();
    }

    private Snapshot snapshot() {
        Snapshot known = current;
        if (time.nanoTime() - known.readAt > LIFETIME_NANOS) {
            // Several threads may read at once, with the same result.
            known = read();
            current = known;
        }
        return known;
    }

    private Snapshot read() {
        Map<String, ModelId> whole = new HashMap<>();
        Map<String, ModelId> plain = new TreeMap<>();
        for (ProviderStatus status : architect.providers().statuses()) {
            for (String model : status.models()) {
                ModelId id = new ModelId(status.name(), model);
                whole.put(id.toString(), id);
                plain.putIfAbsent(model, id);
            }
        }
        List<Listed> all = new ArrayList<>();
        VARIANTS.keySet().forEach(variant -> all.add(new Listed(variant, "architect")));
        plain.forEach((model, id) -> {
            if (!whole.containsKey(model)) {
                all.add(new Listed(model, id.provider()));
            }
        });
        new TreeMap<>(whole).forEach((name, id) -> all.add(new Listed(name, id.provider())));
        return new Snapshot(time.nanoTime(), Map.copyOf(whole), Map.copyOf(plain), List.copyOf(all));
    }
}
