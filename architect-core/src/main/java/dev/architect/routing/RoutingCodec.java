package dev.architect.routing;

import dev.architect.control.ModelSetting;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is kept about routing as documents. Numbers are texts, which hold any of them. */
final class RoutingCodec {

    private static final String VERSION = "version";
    private static final String TEXT = "text";
    private static final String AT = "at";
    private static final String BY = "by";
    private static final String REMARK = "remark";
    private static final String SETTINGS = "settings";
    private static final String PRICES = "prices";
    private static final String PROVIDER = "provider";
    private static final String MODEL = "model";
    private static final String ENABLED = "enabled";
    private static final String QUALITY = "quality";
    private static final String MAX_CONCURRENT = "maxConcurrent";
    private static final String ID = "id";
    private static final String ENTRY = "entry";

    private RoutingCodec() {}

    static String write(StoredPolicy policy) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(VERSION, Long.toString(policy.version()));
        policy.text().ifPresent(text -> fields.put(TEXT, text));
        fields.put(AT, policy.at().toString());
        fields.put(BY, policy.by());
        fields.put(REMARK, policy.remark());
        return JsonText.write(fields);
    }

    static StoredPolicy policy(String text) {
        JsonFields fields = JsonFields.parse(text);
        return new StoredPolicy(
                version(fields),
                fields.text(TEXT),
                Instant.parse(fields.requiredText(AT)),
                fields.requiredText(BY),
                fields.text(REMARK).orElse(""));
    }

    private static long version(JsonFields fields) {
        return Long.parseLong(fields.requiredText(VERSION));
    }

    static String writeSettings(List<StoredSetting> settings) {
        return JsonText.write(
                Map.of(SETTINGS, settings.stream().map(RoutingCodec::fields).toList()));
    }

    private static Map<String, @Nullable Object> fields(StoredSetting stored) {
        ModelSetting setting = stored.setting();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(PROVIDER, setting.provider());
        setting.model().ifPresent(model -> fields.put(MODEL, model));
        setting.enabled().ifPresent(isEnabled -> fields.put(ENABLED, isEnabled.toString()));
        setting.quality().ifPresent(quality -> fields.put(QUALITY, quality.toString()));
        setting.maxConcurrent().ifPresent(most -> fields.put(MAX_CONCURRENT, most.toString()));
        fields.put(VERSION, Long.toString(stored.version()));
        fields.put(AT, stored.at().toString());
        fields.put(BY, stored.by());
        return fields;
    }

    static List<StoredSetting> settings(String text) {
        return JsonFields.parse(text).objects(SETTINGS).stream()
                .map(fields -> new StoredSetting(
                        new ModelSetting(
                                fields.requiredText(PROVIDER),
                                fields.text(MODEL),
                                fields.text(ENABLED).map(Boolean::parseBoolean),
                                fields.text(QUALITY).map(Integer::parseInt),
                                fields.text(MAX_CONCURRENT).map(Integer::parseInt)),
                        version(fields),
                        Instant.parse(fields.requiredText(AT)),
                        fields.requiredText(BY)))
                .toList();
    }

    static String writePrices(List<PriceOverride> prices) {
        return JsonText.write(
                Map.of(PRICES, prices.stream().map(RoutingCodec::fields).toList()));
    }

    private static Map<String, Object> fields(PriceOverride price) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(ID, price.id());
        fields.put(ENTRY, price.entry());
        fields.put(VERSION, Long.toString(price.version()));
        fields.put(AT, price.at().toString());
        fields.put(BY, price.by());
        return fields;
    }

    static List<PriceOverride> prices(String text) {
        return JsonFields.parse(text).objects(PRICES).stream()
                .map(fields -> new PriceOverride(
                        fields.requiredText(ID),
                        fields.requiredText(ENTRY),
                        version(fields),
                        Instant.parse(fields.requiredText(AT)),
                        fields.requiredText(BY)))
                .toList();
    }
}
