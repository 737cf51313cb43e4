/** What every store must do for nodes: their membership, roles, shared documents, messages, and the budgets that they share. Part of the contract of stores. */
@NullMarked
package dev.architect.testkit.store.node;

import org.jspecify.annotations.NullMarked;
