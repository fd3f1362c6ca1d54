# A job without public addresses. Copy it to terraform.tfvars; variables.tf has all that can be set besides.
project_id = "my-project"
region     = "europe-west1"

# The subnetwork needs Private Google Access. On a shared VPC, network_project is its host project.
network      = "my-network"
subnetwork   = "my-subnetwork"
network_tags = ["dataflow"]
# network_project = "my-host-project"

# The account that your Composer environment runs as; without this line one is made for a new environment:
# gcloud composer environments describe ENVIRONMENT --location=REGION --format='value(config.nodeConfig.serviceAccount)'
# composer_service_account = "composer@my-project.iam.gserviceaccount.com"

# Who launches jobs and builds images, beside the project's owners.
# operators = ["group:operators@example.com"]

# The tag that images and template are built with.
image_tag = "0.1.0"
