package dev.architect.router.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.architect.answer.AnswerChecker;
import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.OutputSchema;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Accepts answers whose text is JSON that fits a JSON Schema; else the reason is {@code not-json} or {@code schema-mismatch}. The JSON may stand
 * alone or in one fenced block. Schemas are of draft 2020-12 unless their {@code $schema} names draft 4, 6, 7 or 2019-09. Nothing is
 * fetched: a schema that refers to another document, or that is none, makes the verdict {@link AnswerVerdict#unsure()}, as does a pattern
 * that takes too long. Safe for use by several threads.
 *
 * <p>Needs {@code com.networknt:json-schema-validator} 2.0.8 or a later 2.x on the class path, which Architect does not bring.
 */
public final class JsonSchemaChecker implements AnswerChecker {

    private static final AnswerVerdict NOT_JSON = AnswerVerdict.rejected("not-json");
    private static final AnswerVerdict MISMATCH = AnswerVerdict.rejected("schema-mismatch");

    /** Compiled schemas of requests, the latest ones. */
    private static final int MOST_SCHEMAS = 100;

    private static final Pattern FENCED = Pattern.compile("```(?:json)?\\s*\\R([^`]*)```");

    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false)
                    // Those that come with the library; everything else would be a file or an address that a schema
                    // names.
                    .schemaLoader(loader -> loader.allow(iri -> isMetaSchema(iri.toString())))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .regularExpressionFactory(regex -> {
                                Pattern pattern = Pattern.compile(regex);
                                return value ->
                                        CountedText.search(pattern, value).find();
                            })
                            .build()));
    private final Cache<String, Schema> compiled = Caffeine.newBuilder()
            .maximumSize(MOST_SCHEMAS)
            .executor(Runnable::run)
            .build();
    private final @Nullable String schema;

    private JsonSchemaChecker(@Nullable String schemaOrNull) {
        this.schema = schemaOrNull;
    }

    /**
     * Returns a checker of answers by {@code schema}.
     *
     * @throws IllegalArgumentException when it is no JSON
     */
    public static JsonSchemaChecker of(String schema) {
        JsonSchemaChecker checker = new JsonSchemaChecker(Objects.requireNonNull(schema, "schema"));
        try {
            checker.json.readTree(schema);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException("schema is no JSON, expected a JSON Schema", wrong);
        }
        return checker;
    }

    /** Returns a checker by the output schema of the request; unsure about answers to requests without one. */
    public static JsonSchemaChecker ofRequest() {
        return new JsonSchemaChecker(null);
    }

    private static boolean isMetaSchema(String iri) {
        return iri.startsWith("https://json-schema.org/") || iri.startsWith("http://json-schema.org/");
    }

    @Override
    public AnswerVerdict check(ChatRequest request, ChatResponse answer) {
        Optional<String> wanted =
                schema == null ? request.generation().outputSchema().map(OutputSchema::schema) : Optional.of(schema);
        if (wanted.isEmpty()) {
            return AnswerVerdict.unsure();
        }
        JsonNode value;
        try {
            value = json.readTree(unfenced(answer.text()));
        } catch (JsonProcessingException wrong) {
            return NOT_JSON;
        }
        if (value.isMissingNode()) {
            return NOT_JSON;
        }
        try {
            Schema known = compiled.get(wanted.get(), text -> registry.getSchema(text));
            return known.validate(value).isEmpty() ? AnswerVerdict.accepted() : MISMATCH;
        } catch (RuntimeException | StackOverflowError unusable) {
            // The schema is none, refers to what is not here, or searches for too long.
            return AnswerVerdict.unsure();
        }
    }

    private static String unfenced(String text) {
        String stripped = text.strip();
        Matcher fenced = FENCED.matcher(stripped);
        return fenced.matches() ? fenced.group(1) : stripped;
    }
}
