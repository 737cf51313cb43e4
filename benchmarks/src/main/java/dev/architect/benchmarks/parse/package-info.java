/** Parsing of answers: our adapters beside the vendors' own clients and LangChain4j, with the same bytes and no network. */
@NullMarked
package dev.architect.benchmarks.parse;

import org.jspecify.annotations.NullMarked;
