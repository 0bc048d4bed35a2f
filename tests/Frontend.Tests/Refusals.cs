using PrivateInference.Frontend.Diagnostics;

namespace PrivateInference.Frontend.Tests;

internal static class Refusals
{
    /// <summary>The errors for which the model is refused.</summary>
    public static Diagnostic[] Errors(this OnnxModelBuilder builder, ImportOptions? options = null)
    {
        ModelNotSupportedException refusal = Assert.Throws<ModelNotSupportedException>(() => builder.Import(options));
        return [.. refusal.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)];
    }

    /// <summary>Requires that the model is refused for one reason.</summary>
    public static Diagnostic AssertRefused(this OnnxModelBuilder builder, string code)
    {
        Diagnostic error = Assert.Single(builder.Errors());
        Assert.Equal(code, error.Code);
        return error;
    }
}
