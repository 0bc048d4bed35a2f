using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Support;

/// <summary>The passes that a user asked for: a recipe file's, then those of the command line, in the order given.</summary>
internal static class PassList
{
    /// <exception cref="UsageException">A pass, a parameter or the recipe has no meaning.</exception>
    public static IReadOnlyList<Pass> Read(string? recipePath, IEnumerable<string> specifications)
    {
        try
        {
            IEnumerable<PassRequest> recipe = recipePath is null ? [] : Recipe.Load(recipePath).Passes;
            return [.. recipe.Concat(specifications.Select(PassRequest.Parse)).Select(r => PassRegistry.Default.Create(r.Name, r.Parameters))];
        }
        catch (PassException e)
        {
            throw new UsageException($"{e.Message} 'onnx2mpc passes' lists them all.");
        }
    }
}
