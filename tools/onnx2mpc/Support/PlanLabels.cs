namespace PrivateInference.CommandLine.Support;

/// <summary>Short names for files side by side: their paths without the folders that all have in common.</summary>
internal static class PlanLabels
{
    public static IReadOnlyList<string> Of(IReadOnlyList<string> paths)
    {
        string[][] parts = [.. paths.Select(p => p.Replace('\\', '/').Split('/'))];
        int most = parts.Min(p => p.Length) - 1, common = 0;
        while (common < most && parts.All(p => p[common] == parts[0][common]))
            common++;
        return [.. parts.Select(p => string.Join('/', p[common..]))];
    }
}
