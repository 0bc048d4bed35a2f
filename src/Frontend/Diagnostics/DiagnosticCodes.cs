namespace PrivateInference.Frontend.Diagnostics;

/// <summary>The identifiers of the importer's findings. A published number never changes its meaning.</summary>
public static class DiagnosticCodes
{
    /// <summary>The compiler does not know the operator.</summary>
    public const string UnsupportedOperator = "OM1001";

    /// <summary>The model's operator set is older than the importer reads.</summary>
    public const string UnsupportedOpset = "OM1002";

    /// <summary>The operator is known, but not with this attribute or in this mode.</summary>
    public const string UnsupportedFeature = "OM1003";

    /// <summary>A dimension of a graph input has no value.</summary>
    public const string UnresolvedDimension = "OM1004";

    /// <summary>A node's attributes, types or shapes contradict each other.</summary>
    public const string InvalidNode = "OM1005";

    /// <summary>An operand must be known when compiling and is computed from the input.</summary>
    public const string NotConstant = "OM1006";

    /// <summary>A tensor has elements of a type that the compiler does not handle.</summary>
    public const string UnsupportedElementType = "OM1007";

    /// <summary>A secondary output that secure inference does not compute is used.</summary>
    public const string UnsupportedOutput = "OM1008";

    /// <summary>Constants computed while importing exceed the limit.</summary>
    public const string TooLarge = "OM1009";

    /// <summary>The operator set is newer than the importer knows.</summary>
    public const string NewerOpset = "OM1101";

    /// <summary>A declared output type differs from the computed one.</summary>
    public const string DeclaredTypeDiffers = "OM1102";

    /// <summary>A training-time leftover was ignored.</summary>
    public const string TrainingLeftover = "OM1103";

    /// <summary>Class labels were left out; scores or positions stand for them.</summary>
    public const string LabelsDropped = "OM1104";

    /// <summary>A model of a fixed batch is read as one of a single sample.</summary>
    public const string BatchReduced = "OM1105";
}
