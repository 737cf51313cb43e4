package dev.architect.setting;

import dev.architect.check.Check;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What operators have set in the store, in place of what each node was configured with. Immutable; its {@code with} methods return changed copies.
 *
 * @param version rises with each change; 0 when nothing was ever set
 * @param values what is set, each as {@link SettingKey#set} takes it
 */
public record StoredSettings(long version, Map<SettingKey, String> values) {

    /** Nothing was ever set. */
    public static final StoredSettings NONE = new StoredSettings(0, Map.of());

    /** Copies the values. */
    public StoredSettings {
        Check.notNegative("version", version);
        Map<SettingKey, String> copy = new EnumMap<>(SettingKey.class);
        copy.putAll(Check.noNulls("values", values));
        values = Collections.unmodifiableMap(copy);
    }

    /** Returns a copy that sets a value. */
    public StoredSettings with(SettingKey key, String text) {
        Map<SettingKey, String> changed = new EnumMap<>(SettingKey.class);
        changed.putAll(values);
        changed.put(Check.notNull("key", key), Check.notNull("text", text));
        return new StoredSettings(version, changed);
    }

    /** Returns a copy that leaves a value to the configuration of each node. */
    public StoredSettings without(SettingKey key) {
        Map<SettingKey, String> changed = new EnumMap<>(SettingKey.class);
        changed.putAll(values);
        changed.remove(Check.notNull("key", key));
        return new StoredSettings(version, changed);
    }

    /**
     * Returns what a node goes by that was configured with {@code configured}.
     *
     * @throws IllegalArgumentException when a value cannot be so; the message begins with its name
     */
    public EngineSettings applyTo(EngineSettings configured) {
        EngineSettings settings = Check.notNull("configured", configured);
        for (Map.Entry<SettingKey, String> each : values.entrySet()) {
            settings = each.getKey().set(settings, each.getValue());
        }
        return settings;
    }
}
