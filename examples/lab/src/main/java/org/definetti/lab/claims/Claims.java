package org.definetti.lab.claims;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.definetti.experiment.Claim;
import org.definetti.lab.model.UserClasses;
import org.jspecify.annotations.Nullable;

/** The claims of the laboratory, in the order they are checked. */
public final class Claims {

  /** All of them. */
  public static final List<Claim> ALL =
      List.of(
          new PosteriorOracles(),
          new OrderInvariance(),
          new MartingalePredictions(),
          new TwoStepSymmetry(),
          new Extendability(),
          new PosteriorSufficiency(),
          new PosteriorMinimality(),
          new NullTokenExact(),
          new CmeExact(),
          new ConceptDictionaryExact(),
          new GeneratedQueryExact(),
          new SeveralHeadsExact(),
          new MeanPoolingGap(),
          new PosteriorConcentration(),
          new PosteriorWidth(),
          new EvidenceIdentities(),
          new AutoregressiveNullHead(),
          new LengthFreeGeneralisation(),
          new RiskIdentity(),
          new MaskedObjective(),
          new EffectiveDimension(),
          new RidgeSchedules(),
          new GaussianProcessRate(),
          new SpectralFilters(),
          new SoftmaxConcentration(),
          new CmeSoftmaxLimit(),
          new EfficiencyConstants(),
          new HigherOrderHeads(),
          new LengthFreeLipschitz(),
          new TrainedSoftmaxRate(),
          new ApproximationByForm(),
          new TrainedNullHead(),
          new NextTokenExcess(),
          new NextTokenCoherence(),
          new NextTokenEfficiency(),
          new NextTokenOrder(),
          new LengthGeneralisation(),
          new LearnedPosteriors(),
          new ApproximationByDepth(),
          new TransferIdentities(),
          new LearnedCoherence(),
          new ConditionNumbers(),
          new RangeFailure(),
          new TargetChoice(),
          new ConditionOptimised(),
          new Greybox(),
          CalibrationDiagnostic.of("sbc"),
          CalibrationDiagnostic.of("coverage"),
          CalibrationDiagnostic.of("tarp"),
          CalibrationDiagnostic.of("tarp-posterior"),
          CalibrationDiagnostic.of("z-score"),
          CalibrationDiagnostic.of("contraction"),
          CalibrationDiagnostic.of("c2st"),
          CalibrationDiagnostic.of("expected-kl"),
          CalibrationDiagnostic.of("total-variation"),
          CalibrationDiagnostic.of("entropy-error"),
          new GaussianLinearBenchmark(),
          new PowerTable(),
          new OrthogonalEquivariance(),
          new OddParity(),
          new OutputSpan(),
          new GramCoefficients(),
          new CoefficientRecovery(),
          new PolynomialCompleteness(),
          new PolynomialReproduction(),
          new ReflectionsMatter(),
          new FoundSymmetries(),
          new TokenPermutations(),
          new KnowledgePermutations(),
          new MovingCoefficients(),
          new FiniteInformationReadings(),
          new FrozenKnowledge(),
          new RigidMotions(),
          new DefectIsRisk(),
          new ReceptiveFields(),
          new PlantedViolations(),
          new EqualWeights(),
          new KnowledgeAtoms(),
          new KernelDenoiser(),
          new RidgeWeights(),
          new DirectionWeights(),
          new ContaminatedWeights(),
          new KnownCovariance(),
          new PriorMeanAsKnowledge(),
          new OrderedPosterior(),
          new VocabularySymmetry(),
          new HiddenMarkovRecurrence(),
          new TreeRecursion(),
          new ChainLocality(),
          new GridLocality(),
          new SoftmaxSmoothness(),
          new HeadInequality(),
          new CapacityConstants(),
          new ClsRow(),
          new DistinctTokens(),
          new InformationNeeded(),
          new SelectionThreshold(),
          new SymmetricExact(),
          new GeneralExact(),
          new PatternDetectorsExact(),
          new NearlyOrthogonalTokens(),
          new ParityGradientGap(),
          new PublishedScaling(),
          new VersionSpaceThreshold(),
          new ConjunctionSamples(),
          new ParityLearned(),
          new PerceptronSamples(),
          new HiddenProgress(),
          new AttentionPatterns(),
          new MajoritySamples(),
          new PerceptronParity(),
          new ProjectedHeads(),
          new NetworkAndPosterior(),
          new HeadCount(),
          new FiniteParity(),
          new AverageLearned(),
          new OutliersLearned(),
          new AtomsTurned(),
          new RidgeInContext(),
          new RecallLearned(),
          new FilteringLearned(),
          new OrderShuffled(),
          new ErrorAgainstLength(),
          new NeighboursLearned(),
          new ConjunctionLearned(),
          new LagLearned(),
          new DerivedTrained(),
          new InfluenceProfiles());

  private Claims() {}

  /**
   * Returns the claims that the user asked for.
   *
   * @param names ids, slugs or class names; empty for all
   * @param tag only claims with this tag; null for any
   * @throws IllegalArgumentException if a name or the tag matches no claim
   */
  public static List<Claim> select(List<String> names, @Nullable String tag, UserClasses classes) {
    Set<Claim> named = new LinkedHashSet<>(names.isEmpty() ? ALL : List.of());
    for (String name : names) {
      named.add(find(name, classes));
    }
    List<Claim> selected = new ArrayList<>();
    for (Claim claim : named) {
      if (tag == null || claim.tags().contains(tag)) {
        selected.add(claim);
      }
    }
    if (selected.isEmpty()) {
      throw new IllegalArgumentException(
          "tag: expected one of "
              + named.stream().flatMap(c -> c.tags().stream()).distinct().toList()
              + ", got "
              + tag);
    }
    return selected;
  }

  /** Returns the name by which {@link #select} finds a claim: its id, or its class. */
  public static String name(Claim claim) {
    return ALL.contains(claim) ? claim.id() : claim.getClass().getName();
  }

  private static Claim find(String name, UserClasses classes) {
    for (Claim claim : ALL) {
      if (claim.id().equalsIgnoreCase(name) || claim.slug().equals(name)) {
        return claim;
      }
    }
    // Not UserClasses.looksLikeClass: ids begin with a capital too, so a class needs a package.
    if (name.contains(".")) {
      return classes.make("claim", name, Claim.class);
    }
    throw new IllegalArgumentException(
        "claim: expected one of "
            + ALL.stream().map(Claim::id).toList()
            + " or a class with its package, got "
            + name);
  }
}
