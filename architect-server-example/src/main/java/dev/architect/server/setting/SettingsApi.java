package dev.architect.server.setting;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.node.StaleDocumentException;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.setting.EffectiveSetting;
import dev.architect.setting.SettingKey;
import dev.architect.setting.Settings;
import dev.architect.setting.StoredSettings;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The resource {@code /api/settings}: what is set for all nodes in place of what each of them was configured with. */
public final class SettingsApi {

    private static final String PATH = "/api/settings";
    private static final String AREA = "settings";

    private static final Set<String> NAMES =
            Arrays.stream(SettingKey.values()).map(SettingKey::word).collect(Collectors.toUnmodifiableSet());

    private final Settings settings;

    /** Creates the resource. */
    public SettingsApi(Settings settings) {
        this.settings = settings;
    }

    private static Schema.Fields fields(boolean isRequired) {
        Schema.Fields fields = Schema.object();
        for (SettingKey key : SettingKey.values()) {
            Schema form = Schema.text().orNull().described(key.description());
            fields = isRequired ? fields.required(key.word(), form) : fields.optional(key.word(), form);
        }
        return fields;
    }

    /** Its operations. */
    public List<Operation> operations() {
        Schema stored = fields(true).open().named("Settings");
        return List.of(
                Operation.get("getSettings", PATH, Permission.read(AREA), this::show)
                        .summary("Shows what is set for all nodes; null is left to the configuration of each.")
                        .answer(200, "The settings.", stored),
                Operation.patch("updateSettings", PATH, Permission.write(AREA), this::update)
                        .summary(
                                "Sets some settings for all nodes, or with null leaves them to the configuration of each.")
                        .ifMatch()
                        .body(fields(false).closed())
                        .answer(200, "The settings.", stored),
                Operation.get("getEffectiveSettings", PATH + "/effective", Permission.read(AREA), this::effective)
                        .summary("Shows what this node goes by, and where each value came from.")
                        .answer(
                                200,
                                "The settings.",
                                Schema.object()
                                        .required(
                                                "settings",
                                                Schema.list(Schema.object()
                                                        .required(
                                                                List.of(
                                                                        "name",
                                                                        "description",
                                                                        "value",
                                                                        "configured",
                                                                        "standard"),
                                                                Schema.text())
                                                        .required("source", Schema.words(EffectiveSetting.Source.class))
                                                        .open()))
                                        .open()));
    }

    private void show(Context request) {
        write(request, settings.stored());
    }

    private static void write(Context request, StoredSettings stored) {
        EntityTag.put(request, stored.version());
        JsonResponseWriter.write(request, json(stored));
    }

    private void update(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(NAMES);
        long seen = EntityTag.required(request);
        StoredSettings before = settings.stored();
        StoredSettings wanted = new StoredSettings(seen, before.values());
        for (SettingKey key : SettingKey.values()) {
            Optional<String> text = fields.textOrInteger(key.word()).map(String::strip);
            if (text.isPresent()) {
                fields.checked(key.word(), () -> key.set(settings.current(), text.get()));
                wanted = wanted.with(key, text.get());
            } else if (fields.isRemoved(key.word())) {
                wanted = wanted.without(key);
            }
        }
        if (before.version() != seen) {
            throw stale(seen, before);
        }
        try {
            write(request, settings.change(wanted));
        } catch (StaleDocumentException changed) {
            throw stale(seen, settings.stored());
        }
    }

    private static ApiException stale(long seen, StoredSettings now) {
        return EntityTag.stale(seen, now.version(), json(now), List.of());
    }

    private static ObjectNode json(StoredSettings stored) {
        ObjectNode json = JsonResponseWriter.object();
        for (SettingKey key : SettingKey.values()) {
            json.put(key.word(), stored.values().get(key));
        }
        return json;
    }

    private void effective(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode list = answer.putArray("settings");
        for (EffectiveSetting each : settings.effective()) {
            list.addObject()
                    .put("name", each.key().word())
                    .put("description", each.key().description())
                    .put("value", each.value())
                    .put("source", EnumWords.of(each.source()))
                    .put("configured", each.configured())
                    .put("standard", each.standard());
        }
        JsonResponseWriter.write(request, answer);
    }
}
