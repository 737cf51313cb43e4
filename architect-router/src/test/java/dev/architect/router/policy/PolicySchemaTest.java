package dev.architect.router.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.architect.json.JsonFields;
import dev.architect.model.Capability;
import dev.architect.router.yaml.BundledFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The published schema of policy files, held against the reader and against every policy in the repository. */
class PolicySchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN = "qqqqqqqqqqqqqqqqqqqq";
    private static final Pattern KNOWN = Pattern.compile("expected (?:one of (.*)|none)");
    private static final Path ROOT = root();

    private final JsonNode document = read(RoutingPolicy.schema());
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Schema schema = registry.getSchema(document);

    @Test
    void schemaItselfIsValid() {
        Schema meta = registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(document)).isEmpty();
        assertThat(document.get("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
    }

    @Test
    void everyPolicyOfTheRepositoryFollowsIt() throws IOException {
        List<String> policies = policiesInDocuments();
        policies.add(BundledFile.text(PolicyReader.class, "standard-policy.yaml"));
        policies.add(everyField());

        for (String policy : policies) {
            assertThat(schema.validate(json(policy))).as(policy).isEmpty();
            assertThat(RoutingPolicy.parse(policy)).isNotNull();
        }
    }

    /** The blocks of documents that are whole policies. */
    private static List<String> policiesInDocuments() throws IOException {
        List<String> policies = new ArrayList<>();
        Pattern block = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".md")).toList()) {
                Matcher matcher = block.matcher(Files.readString(file));
                while (matcher.find()) {
                    if (matcher.group(1).contains("baseline:")) {
                        policies.add(matcher.group(1));
                    }
                }
            }
        }
        return policies;
    }

    @Test
    void readerAndSchemaKnowTheSameFields() throws IOException {
        Object everything = new Yaml().load(everyField());
        List<String> differences = new ArrayList<>();

        walk(everything, document, "", everything, differences);

        assertThat(differences).isEmpty();
    }

    /** Puts an unknown field into every object of the file, and compares what the reader expected there with what the schema has. */
    private void walk(Object value, JsonNode schemaOf, String path, Object whole, List<String> differences) {
        JsonNode resolved = resolve(schemaOf, value);
        if (value instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                walk(items.get(i), resolved.path("items"), path + "[" + i + "]", whole, differences);
            }
        } else if (value instanceof Map<?, ?> fields) {
            if (resolved.path("additionalProperties").isBoolean()) {
                Set<String> inSchema = new TreeSet<>();
                resolved.path("properties").fieldNames().forEachRemaining(inSchema::add);
                Set<String> inReader = fieldsOfReader(fields, whole);
                if (!inSchema.equals(inReader)) {
                    differences.add(path + ": schema " + inSchema + ", reader " + inReader);
                }
                if (!path.contains("[") && !fields.keySet().containsAll(inSchema)) {
                    differences.add(path + ": the file with every field lacks some of " + inSchema);
                }
            }
            fields.forEach((name, field) -> walk(
                    field,
                    resolved.path("properties").path(String.valueOf(name)).isMissingNode()
                            ? resolved.path("additionalProperties")
                            : resolved.path("properties").path(String.valueOf(name)),
                    path + "/" + name,
                    whole,
                    differences));
        }
    }

    @SuppressWarnings("unchecked")
    private static Set<String> fieldsOfReader(Map<?, ?> object, Object whole) {
        Map<String, Object> changed = (Map<String, Object>) object;
        // A strategy is an object of one field, so the unknown one has to stand in its place.
        Map<String, Object> before = new LinkedHashMap<>(changed);
        boolean isOnlyField = before.size() == 1;
        if (isOnlyField) {
            changed.clear();
        }
        changed.put(UNKNOWN, 1);
        Throwable failure = catchThrowable(() -> RoutingPolicy.parse(new Yaml().dump(whole)));
        changed.clear();
        changed.putAll(before);
        assertThat(failure).isInstanceOf(PolicyException.class);
        String problem = ((PolicyException) failure)
                .problems().stream()
                        .filter(each -> each.contains(UNKNOWN))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("not refused in " + before));
        Matcher known = KNOWN.matcher(problem);
        assertThat(known.find()).as(problem).isTrue();
        return known.group(1) == null
                ? Set.of()
                : new TreeSet<>(Arrays.asList(known.group(1).split(", ")));
    }

    /** The schema of a value behind references and alternatives. */
    private JsonNode resolve(JsonNode given, Object value) {
        JsonNode node = given;
        while (node.has("$ref") || node.has("oneOf")) {
            if (node.has("$ref")) {
                node = document.at(node.get("$ref").asText().substring(1));
            } else {
                String type = value instanceof List ? "array" : value instanceof Map ? "object" : "";
                node = StreamSupport.stream(node.get("oneOf").spliterator(), false)
                        .map(each -> resolve(each, value))
                        .filter(each -> each.path("type").asText().equals(type) || type.isEmpty())
                        .findFirst()
                        .orElse(JSON.nullNode());
            }
        }
        return node;
    }

    @Test
    void schemaListsEveryCapability() {
        List<String> listed = new ArrayList<>();
        document.at("/$defs/capability/enum").forEach(each -> listed.add(each.asText()));

        assertThat(listed)
                .containsExactlyElementsOf(Arrays.stream(Capability.values())
                        .map(JsonFields::wordOf)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "requestTimeout: soon",
                "strategies: fastest",
                "strategies: [{cost: {within: 10}}]",
                "strategies: [{cost: {}, latency: {}}]",
                "strategies: []",
                "tiers: {Small: 0}",
                "tiers: {small: 101}",
                "rules: [{maxCost: 0}]",
                "rules: [{when: {complexity: hard}}]",
                "rules: [{when: {priority: 10}}]",
                "rules: [{name: A}]",
                "experiments: [{name: a, arms: []}]",
                "experiments: [{name: a, key: session, arms: [{name: b}]}]",
                "experiments: [{name: a, share: 10, arms: [{name: b}]}]",
                "experiments: [{name: a, arms: [{name: b, localOnly: true}]}]",
            })
    void whatTheSchemaRefusesTheReaderRefuses(String field) {
        String policy = field + "\nbaseline: a/b\nmodels: [{model: a/b, quality: 1, contextTokens: 10}]\n";

        assertThat(schema.validate(json(policy))).isNotEmpty();
        assertThat(catchThrowable(() -> RoutingPolicy.parse(policy))).isInstanceOf(PolicyException.class);
    }

    private static String everyField() {
        return BundledFile.text(PolicySchemaTest.class, "every-field-policy.yaml");
    }

    private static JsonNode json(String yaml) {
        return JSON.valueToTree(new Yaml().load(yaml));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(path.resolve("docs"))) {
            path = path.getParent();
        }
        return path;
    }
}
