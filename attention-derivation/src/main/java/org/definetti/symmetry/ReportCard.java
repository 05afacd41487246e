package org.definetti.symmetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.definetti.random.Seed;
import org.ejml.simple.SimpleMatrix;

/**
 * Every audit that makes sense for a function, and why the others do not.
 *
 * <p>A card does not say what a function should be: a convolution fails the order of tokens, and
 * should.
 *
 * @param results of the audits that apply, in a fixed order
 * @param notApplicable one line for each of the others: its name and why
 */
public record ReportCard(List<AuditResult> results, List<String> notApplicable) {

  /** All audits, in the order of a card. */
  public static final List<Audit> AUDITS =
      List.of(
          new ParityAudit(),
          new OrthogonalAudit(1),
          new OrthogonalAudit(-1),
          new SpanAudit(),
          new GramAudit(),
          new TranslationAudit(),
          new TokenOrderAudit(false),
          new TokenOrderAudit(true),
          new ShiftAudit(),
          new CoefficientOrderAudit(),
          new KnowledgeOrderAudit(),
          new FiniteInformation.SparseAccess(1),
          new FiniteInformation.FiniteSummary(1),
          new FiniteInformation.KnowledgeMediated(),
          new CausalAudit(),
          new EarlierOrderAudit());

  /** Copies the lists. */
  public ReportCard {
    results = List.copyOf(results);
    notApplicable = List.copyOf(notApplicable);
  }

  /**
   * Returns the card of a function.
   *
   * <p>Each audit draws from a seed of its own, named after it, so that one more or less changes no
   * number of the others. Cost: about ten calls of the function for each element of the plan and
   * each of its seven inputs.
   */
  public static ReportCard of(AuditPlan plan, Seed seed, SequenceFunction function) {
    SimpleMatrix output = plan.input(seed.child("shape").generator()).outputOf(function);
    List<AuditResult> results = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Audit audit : AUDITS) {
      String whyNot = audit.whyNot(plan, output);
      if (whyNot.isEmpty()) {
        results.add(audit.examine(plan, seed.child(audit.name()).generator(), function));
      } else {
        others.add(audit.name() + ": " + whyNot);
      }
    }
    return new ReportCard(results, others);
  }

  /**
   * Returns the verdict of an audit.
   *
   * @throws IllegalArgumentException if that audit does not apply
   */
  public AuditVerdict verdict(Audit audit) {
    for (AuditResult result : results) {
      if (result.name().equals(audit.name())) {
        return result.verdict();
      }
    }
    throw new IllegalArgumentException(
        "audit: expected one that applies, got "
            + audit.name()
            + "; not applicable: "
            + notApplicable);
  }

  /** Returns one line an audit, those that do not apply last. */
  @Override
  public String toString() {
    StringBuilder card = new StringBuilder();
    results.forEach(result -> card.append(result).append('\n'));
    for (String other : notApplicable) {
      card.append(String.format(Locale.ROOT, "%-12s  %s\n", "-", other));
    }
    return card.toString();
  }
}
