namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>Where plans, weights and certificates of a measurement lie.</summary>
internal static class WorkFolder
{
    public static string Create() => Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "bench", "end-to-end")).FullName;
}
