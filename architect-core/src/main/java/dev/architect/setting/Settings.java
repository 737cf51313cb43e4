package dev.architect.setting;

import dev.architect.check.Check;
import dev.architect.json.JsonText;
import dev.architect.loop.StorePoll;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.setting.EffectiveSetting.Source;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the engine that can be changed while it runs: what was configured, and in place of it what operators have set in the store, where all
 * nodes find it. A change holds on the node that makes it at once, and on others within a second; what deletes old things looks at it with its next
 * round, within an hour at the latest. Safe for use by several threads.
 */
public final class Settings {

    private static final String DOCUMENT = "architect.settings";

    /** The longest time after which a node goes by what another one has changed. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ClusterStore store;
    private final EngineSettings configured;
    private final EngineSettings standard;
    private final StorePoll poll;
    private volatile EngineSettings current;

    /**
     * Reads the settings of a store. Blocks for it.
     *
     * @param configured what the node goes by where nothing is set
     * @param standard what it would go by if its host had configured nothing
     * @param warnings get a sentence when the store begins to fail later
     * @throws dev.architect.error.StoreException when the store fails
     */
    public Settings(
            ClusterStore store,
            TimeSource time,
            EngineSettings configured,
            EngineSettings standard,
            Consumer<String> warnings) {
        this.store = Check.notNull("store", store);
        this.configured = Check.notNull("configured", configured);
        this.standard = Check.notNull("standard", standard);
        this.poll = new StorePoll(
                Check.notNull("time", time),
                INTERVAL,
                INTERVAL,
                "the settings cannot be read",
                Check.notNull("warnings", warnings));
        // Before anything goes by them: what was to be kept longer must not be deleted.
        this.current = stored().applyTo(configured);
    }

    /**
     * Returns what this node goes by. Blocks for the store about once a second, else not at all; what cannot be read now stays as it was.
     */
    public EngineSettings current() {
        // One of several callers reads; the others go by what is known.
        poll.poll(() -> current = stored().applyTo(configured));
        return current;
    }

    /** Returns what is set in the store. Blocks for it. */
    public StoredSettings stored() {
        return store.document(DOCUMENT).map(this::read).orElse(StoredSettings.NONE);
    }

    /** What another version of the program has written and this one does not know is left out. */
    private StoredSettings read(SharedDocument document) {
        StoredSettings stored = new StoredSettings(document.version(), Map.of());
        for (Map.Entry<String, @Nullable Object> each :
                JsonText.readObject(document.text()).entrySet()) {
            Optional<SettingKey> key = SettingKey.of(each.getKey());
            if (key.isPresent() && each.getValue() instanceof String text && isValid(key.get(), text)) {
                stored = stored.with(key.get(), text);
            }
        }
        return stored;
    }

    private boolean isValid(SettingKey key, String text) {
        try {
            key.set(configured, text);
            return true;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    /**
     * Sets what {@code settings} has in place of everything that is set. Blocks for the store.
     *
     * @param settings with the version that was read
     * @return the same with its new version
     * @throws IllegalArgumentException when a value cannot be so; the message begins with its name
     * @throws dev.architect.node.StaleDocumentException when the store has another version; nothing has changed
     */
    public StoredSettings change(StoredSettings settings) {
        EngineSettings changed = Check.notNull("settings", settings).applyTo(configured);
        Map<String, String> fields = new LinkedHashMap<>();
        settings.values().forEach((key, text) -> fields.put(key.word(), text));
        SharedDocument written = store.writeDocument(DOCUMENT, settings.version(), JsonText.write(fields));
        current = changed;
        return new StoredSettings(written.version(), settings.values());
    }

    /** Returns everything that can be set, as this node goes by it, in the order of the keys. Blocks for the store. */
    public List<EffectiveSetting> effective() {
        StoredSettings stored = stored();
        EngineSettings now = stored.applyTo(configured);
        return Arrays.stream(SettingKey.values())
                .map(key -> {
                    String own = key.in(configured);
                    String usual = key.in(standard);
                    Source source = stored.values().containsKey(key)
                            ? Source.STORED
                            : own.equals(usual) ? Source.STANDARD : Source.CONFIGURED;
                    return new EffectiveSetting(key, key.in(now), source, own, usual);
                })
                .toList();
    }
}
