/** What a routing policy decides about single requests: tiers, strategies, rules and experiments. */
@NullMarked
package dev.architect.router.rule;

import org.jspecify.annotations.NullMarked;
