package dev.architect.server.routing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.control.ConfiguredModel;
import dev.architect.control.ListedModels;
import dev.architect.control.ModelSetting;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ModelState;
import dev.architect.route.ProviderStatus;
import dev.architect.routing.Routing;
import dev.architect.routing.StaleSettingException;
import dev.architect.routing.StoredSetting;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.report.ReportSchemas;
import dev.architect.server.report.StatusView;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.EnumWords;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Providers and models one by one, and what is changed about them beside the policy. */
public final class ModelApi {

    private static final String AREA = "providers";
    private static final String PROVIDER_PATH = "/api/providers/{name}";
    private static final String MODELS = "/api/models";
    private static final String MODEL_PATH = MODELS + "/{provider}/{model}";
    private static final String ENABLED = "enabled";
    private static final String QUALITY = "quality";
    private static final String MAX_CONCURRENT = "maxConcurrent";
    private static final int MAX_QUALITY = 100;
    private static final int MOST_CONCURRENT = 10_000;
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(5);

    private static final Schema SETTING = Schema.object()
            .required(ENABLED, Schema.truth().orNull())
            .required(List.of(QUALITY, MAX_CONCURRENT), Schema.integer().orNull())
            .required("by", Schema.text().orNull())
            .required("at", Schema.instant().orNull())
            .open()
            .named("ModelSetting");

    private static final Schema PROVIDER = Schema.object()
            .all(ReportSchemas.PROVIDER)
            .required("setting", SETTING)
            .open();

    private static final Schema MODEL = Schema.object()
            .required(List.of("provider", "model", "id"), Schema.text())
            .required(ENABLED, Schema.truth())
            .required(List.of(QUALITY, MAX_CONCURRENT, "contextTokens"), Schema.integer())
            .required("setting", SETTING)
            .required("refused", Schema.text().orNull())
            .open();

    private final Architect architect;

    /** Creates the resource. */
    public ModelApi(Architect architect) {
        this.architect = architect;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("getProvider", PROVIDER_PATH, Permission.read(AREA), this::showProvider)
                        .summary("Shows a provider.")
                        .answer(200, "The provider.", PROVIDER)
                        .refuses(404, "not-found"),
                Operation.patch("updateProvider", PROVIDER_PATH, Permission.write(AREA), this::updateProvider)
                        .summary("Switches all models of a provider off or on, on all nodes.")
                        .ifMatch()
                        .body(Schema.object()
                                .optional(ENABLED, Schema.truth().orNull())
                                .closed())
                        .answer(200, "The provider.", PROVIDER)
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"),
                Operation.get("getModel", MODEL_PATH, Permission.read(AREA), this::showModel)
                        .summary("Shows a model of the policy, also one that is switched off.")
                        .answer(200, "The model.", MODEL)
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"),
                Operation.patch("updateModel", MODEL_PATH, Permission.write(AREA), this::updateModel)
                        .summary("Changes a model on all nodes; what is null is as the policy has it.")
                        .ifMatch()
                        .body(Schema.object()
                                .optional(ENABLED, Schema.truth().orNull())
                                .optional(
                                        QUALITY, Schema.integer(0, MAX_QUALITY).orNull())
                                .optional(
                                        MAX_CONCURRENT,
                                        Schema.integer(1, MOST_CONCURRENT).orNull())
                                .closed())
                        .answer(200, "The model.", MODEL)
                        .refuses(404, "not-found")
                        .refuses(409, "wrong-state"),
                Operation.post("refreshModels", MODELS + "/refresh", Permission.write(AREA), this::refresh)
                        .summary("Asks each provider which models it has, for five seconds at most.")
                        .answer(
                                200,
                                "What they list, and whether the policy has it.",
                                Schema.object()
                                        .required(
                                                "providers",
                                                Schema.list(Schema.object()
                                                        .required("provider", Schema.text())
                                                        .required(
                                                                "failure",
                                                                Schema.words(FailureKind.class)
                                                                        .orNull())
                                                        .required(
                                                                "models",
                                                                Schema.list(Schema.object()
                                                                        .required("model", Schema.text())
                                                                        .required(
                                                                                List.of(
                                                                                        "contextTokens",
                                                                                        "maxOutputTokens"),
                                                                                Schema.integer()
                                                                                        .orNull())
                                                                        .required(
                                                                                "state", Schema.words(ModelState.class))
                                                                        .required("inPolicy", Schema.truth())
                                                                        .open()))
                                                        .open()))
                                        .open())
                        .refuses(409, "wrong-state"));
    }

    private Routing routing() {
        return architect.routing();
    }

    private ProviderStatus provider(Context request) {
        String name = request.pathParam("name");
        return architect.providers().statuses().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound(
                        "provider " + BodyFields.shorten(name) + " does not exist, expected the name of a provider"));
    }

    private void showProvider(Context request) {
        writeProvider(request, provider(request).name());
    }

    private void writeProvider(Context request, String name) {
        Optional<StoredSetting> setting = routing().setting(name, Optional.empty());
        EntityTag.put(request, version(setting));
        JsonResponseWriter.write(request, providerJson(provider(request), setting));
    }

    private static ObjectNode providerJson(ProviderStatus status, Optional<StoredSetting> setting) {
        ObjectNode json = (ObjectNode) StatusView.providers(List.of(status)).get(0);
        json.set("setting", json(setting));
        return json;
    }

    private static long version(Optional<StoredSetting> setting) {
        return setting.map(StoredSetting::version).orElse(0L);
    }

    private static ObjectNode json(Optional<StoredSetting> stored) {
        Optional<ModelSetting> setting = stored.map(StoredSetting::setting);
        return JsonResponseWriter.object()
                .put(ENABLED, setting.flatMap(ModelSetting::enabled).orElse(null))
                .put(QUALITY, setting.flatMap(ModelSetting::quality).orElse(null))
                .put(
                        MAX_CONCURRENT,
                        setting.flatMap(ModelSetting::maxConcurrent).orElse(null))
                .put("by", stored.map(StoredSetting::by).orElse(null))
                .put("at", stored.map(StoredSetting::at).map(Instant::toString).orElse(null));
    }

    private void updateProvider(Context request) {
        ProviderStatus provider = provider(request);
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(ENABLED));
        Optional<StoredSetting> before = routing().setting(provider.name(), Optional.empty());
        ModelSetting changed = changed(fields, provider.name(), Optional.empty(), before);
        RoutingErrors.router(architect);
        save(request, version, before, changed, now -> providerJson(provider, now));
        writeProvider(request, provider.name());
    }

    /** A change of what was read; {@code view} shows the thing as it is when somebody else was faster. */
    private void save(
            Context request,
            long version,
            Optional<StoredSetting> before,
            ModelSetting changed,
            Function<Optional<StoredSetting>, ObjectNode> view) {
        try {
            if (version(before) != version) {
                throw new StaleSettingException(changed.provider(), version, version(before));
            }
            routing().saveSetting(version, changed, by(request));
        } catch (StaleSettingException stale) {
            Optional<StoredSetting> now = routing().setting(changed.provider(), changed.model());
            throw EntityTag.stale(version, stale.present(), view.apply(now), differing(now, changed));
        }
    }

    private static String by(Context request) {
        return AccessFilter.principal(request).actor();
    }

    /** What is not named stays as it was; what is null is as the policy has it (RFC 7396). */
    private static ModelSetting changed(
            BodyFields fields, String provider, Optional<String> model, Optional<StoredSetting> before) {
        ModelSetting was = before.map(StoredSetting::setting).orElseGet(() -> ModelSetting.of(provider, model));
        return new ModelSetting(
                provider,
                model,
                fields.names().contains(ENABLED) ? fields.truth(ENABLED) : was.enabled(),
                fields.names().contains(QUALITY) ? within(fields, QUALITY, 0, MAX_QUALITY) : was.quality(),
                fields.names().contains(MAX_CONCURRENT)
                        ? within(fields, MAX_CONCURRENT, 1, MOST_CONCURRENT)
                        : was.maxConcurrent());
    }

    private static Optional<Integer> within(BodyFields fields, String name, int min, int max) {
        Optional<Integer> value = fields.integer(name);
        value.filter(number -> number < min || number > max).ifPresent(number -> {
            throw fields.invalid(name, name + " is " + number + ", expected " + min + ".." + max);
        });
        return value;
    }

    private static Set<String> differing(Optional<StoredSetting> now, ModelSetting wanted) {
        Set<String> names = new TreeSet<>();
        ModelSetting present =
                now.map(StoredSetting::setting).orElseGet(() -> ModelSetting.of(wanted.provider(), wanted.model()));
        if (!present.enabled().equals(wanted.enabled())) {
            names.add(ENABLED);
        }
        if (!present.quality().equals(wanted.quality())) {
            names.add(QUALITY);
        }
        if (!present.maxConcurrent().equals(wanted.maxConcurrent())) {
            names.add(MAX_CONCURRENT);
        }
        return names;
    }

    private ConfiguredModel model(Context request) {
        String provider = request.pathParam("provider");
        String model = request.pathParam("model");
        return RoutingErrors.router(architect).models().stream()
                .filter(each -> each.id().provider().equals(provider)
                        && each.id().model().equals(model))
                .findFirst()
                .orElseThrow(() -> ApiException.notFound("model " + BodyFields.shorten(provider + "/" + model)
                        + " is not in the policy, expected one of its models"));
    }

    private void showModel(Context request) {
        ConfiguredModel model = model(request);
        Optional<StoredSetting> setting = setting(model);
        EntityTag.put(request, version(setting));
        JsonResponseWriter.write(request, json(model, setting));
    }

    private Optional<StoredSetting> setting(ConfiguredModel model) {
        return routing().setting(model.id().provider(), Optional.of(model.id().model()));
    }

    private ObjectNode json(ConfiguredModel model, Optional<StoredSetting> setting) {
        ObjectNode json = JsonResponseWriter.object()
                .put("provider", model.id().provider())
                .put("model", model.id().model())
                .put("id", model.id().toString())
                .put(ENABLED, model.isEnabled())
                .put(QUALITY, model.quality())
                .put(MAX_CONCURRENT, model.maxConcurrent())
                .put("contextTokens", model.contextTokens());
        json.set("setting", json(setting));
        json.put("refused", routing().refusal().orElse(null));
        return json;
    }

    private void updateModel(Context request) {
        ConfiguredModel model = model(request);
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(ENABLED, QUALITY, MAX_CONCURRENT));
        Optional<StoredSetting> before = setting(model);
        ModelSetting changed =
                changed(fields, model.id().provider(), Optional.of(model.id().model()), before);
        save(request, version, before, changed, now -> json(model, now));
        showModel(request);
    }

    private void refresh(Context request) {
        Set<String> known = new TreeSet<>();
        RoutingErrors.router(architect)
                .models()
                .forEach(model -> known.add(model.id().toString()));
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode providers = answer.putArray("providers");
        for (ListedModels listed : RoutingErrors.router(architect).listModels(LIST_TIMEOUT)) {
            ObjectNode row = providers
                    .addObject()
                    .put("provider", listed.provider())
                    .put("failure", listed.failure().map(EnumWords::of).orElse(null));
            ArrayNode models = row.putArray("models");
            for (ModelInfo model : listed.models()) {
                models.addObject()
                        .put("model", model.id())
                        .put("contextTokens", model.contextTokens().orElse(null))
                        .put("maxOutputTokens", model.maxOutputTokens().orElse(null))
                        .put("state", EnumWords.of(model.state()))
                        .put("inPolicy", known.contains(listed.provider() + "/" + model.id()));
            }
        }
        JsonResponseWriter.write(request, answer);
    }
}
